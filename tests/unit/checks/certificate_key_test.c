/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * certificate.key, certificate.signature and certificate.usage.
 */
#include "court_chains.h"

#define KEY ROW("certificate.key")
#define KEY_WITH(members) "{\"assert\":\"certificate.key\"," members "}"
#define RSA_FROM(bits) KEY_WITH("\"rsa_minimum\":" #bits)
#define CURVES(list) KEY_WITH("\"curves\":[" list "]")
#define ALGORITHMS(list) KEY_WITH("\"algorithms\":[" list "]")

#define SIGNATURE ROW("certificate.signature")
#define SIGNED_WITH(hash) "{\"assert\":\"certificate.signature\",\"minimum\":\"" hash "\"}"

#define USAGE ROW("certificate.usage")
#define USAGE_WITH(members) "{\"assert\":\"certificate.usage\"," members "}"
#define INCLUDES(list) USAGE_WITH("\"includes\":[" list "]")
#define EXCLUDES(list) USAGE_WITH("\"excludes\":[" list "]")
#define KEY_USAGE(list) USAGE_WITH("\"key_usage\":[" list "]")

/* Algorithms of keys: rsaEncryption, RSASSA-PSS, and one that is not; id-ecPublicKey and DSA. */
#define RSA_ENCRYPTION "#06092a864886f70d010101"
#define RSA_PSS "#06092a864886f70d01010a"
#define RSA_OAEP "#06092a864886f70d010107"
#define EC_KEY "#06072a8648ce3d0201"
#define DSA_KEY "#06072a8648ce380401"

/* sha1WithRSAEncryption, md5WithRSAEncryption, and one that is not. */
#define RSA_SHA1 "#2a864886f70d010105"
#define RSA_MD5 "#2a864886f70d010104"
#define RSA_NONE "#2a864886f70d010163"

/* keyUsage of a leaf: digitalSignature; keyEncipherment; both of them. */
#define MAY_SIGN "#040403020780"
#define MAY_ENCIPHER "#040403020520"
#define MAY_BOTH "#0404030205a0"

/* Purposes: serverAuth, emailProtection, OCSPSigning. */
#define FOR_SERVERS "#2b06010505070301"
#define FOR_MAIL "#2b06010505070304"
#define FOR_OCSP "#2b06010505070309"

static void
shows_a_short_key_elsewhere(struct court *court)
{
	present_elsewhere(court, "leaf-rsa1024 ica");
}

static void
shows_sha1_elsewhere(struct court *court)
{
	present_elsewhere(court, "leaf-sha1 rsa-root");
}

static void
shows_a_client_elsewhere(struct court *court)
{
	present_elsewhere(court, "leaf-client ica");
}

static void
was_not_judged(struct court *court)
{
	court->evidence.session.peer.path = (struct path_verdict){ .trusted = false };
}

static const struct chain_row keys[] = {
	{ "a key on P-256", KEY, "leaf ica", NULL, NULL, VERDICT_PASS, NULL, CAUSE_NONE,
		"the key is P-256" },
	{ "on P-384", KEY, "keyed-p384", NULL, NULL, VERDICT_PASS, NULL, CAUSE_NONE, "P-384" },
	{ "on P-521", KEY, "keyed-p521", NULL, NULL, VERDICT_PASS, NULL, CAUSE_NONE, "P-521" },
	{ "on Ed25519", KEY, "keyed-ed25519", NULL, NULL, VERDICT_PASS, NULL, CAUSE_NONE,
		"Ed25519" },
	{ "on Ed448", KEY, "ed448-root", NULL, NULL, VERDICT_PASS, NULL, CAUSE_NONE, "Ed448" },
	{ "an RSA key of 2048 bits", KEY, "keyed-rsa", NULL, NULL, VERDICT_PASS, NULL, CAUSE_NONE,
		"RSA with 2048 bits" },
	{ "one for PSS alone", KEY, "keyed-rsa:" RSA_ENCRYPTION ">" RSA_PSS, NULL, NULL,
		VERDICT_PASS, NULL, CAUSE_NONE, "RSA for PSS only with 2048 bits" },
	{ "one longer than we compute with", KEY, "leaf-large", NULL, NULL, VERDICT_PASS, NULL,
		CAUSE_NONE, "RSA with 8192 bits" },
	{ "exactly the minimum", RSA_FROM(2048), "keyed-rsa", NULL, NULL, VERDICT_PASS, NULL,
		CAUSE_NONE, "2048" },
	{ "a bit short of the minimum", RSA_FROM(2049), "keyed-rsa", NULL, NULL, VERDICT_FAIL,
		"KeyTooShort", CAUSE_NONE, "the key is RSA with 2048 bits" },
	{ "1024 bits are too few where nothing is said", KEY, "leaf-rsa1024 ica", NULL, NULL,
		VERDICT_FAIL, "KeyTooShort", CAUSE_NONE, "RSA with 1024 bits" },
	{ "1024 bits where that is allowed", RSA_FROM(1024), "leaf-rsa1024 ica", NULL, NULL,
		VERDICT_PASS, NULL, CAUSE_NONE, "1024" },
	{ "one for PSS alone is held to the minimum", RSA_FROM(3072),
		"keyed-rsa:" RSA_ENCRYPTION ">" RSA_PSS, NULL, NULL, VERDICT_FAIL, "KeyTooShort",
		CAUSE_NONE, "RSA for PSS only with 2048 bits" },
	{ "the bits of a curve are no matter of RSA", RSA_FROM(16384), "leaf ica", NULL, NULL,
		VERDICT_PASS, NULL, CAUSE_NONE, "P-256" },

	{ "a curve that is not known", KEY, "leaf-p192 ica", NULL, NULL, VERDICT_FAIL,
		"KeyNotAccepted", CAUSE_NONE, "EC key on another named curve" },
	{ "a key for DSA", KEY, "leaf:" EC_KEY ">" DSA_KEY " ica", NULL, NULL, VERDICT_FAIL,
		"KeyNotAccepted", CAUSE_NONE, "not accepted: DSA" },
	{ "one of an algorithm that is not known", KEY, "keyed-rsa:" RSA_ENCRYPTION ">" RSA_OAEP,
		NULL, NULL, VERDICT_FAIL, "KeyNotAccepted", CAUSE_NONE, "unknown algorithm" },
	{ "one with an even exponent", KEY, "keyed-rsa:#0203010001>#0203010000", NULL, NULL,
		VERDICT_FAIL, "KeyNotAccepted", CAUSE_NONE, "malformed key" },
	{ "what is not accepted cannot be allowed", ALGORITHMS("\"ECDSA\""), "leaf-p192 ica", NULL,
		NULL, VERDICT_FAIL, "KeyNotAccepted", CAUSE_NONE, "" },

	{ "a curve that is allowed", CURVES("\"P-384\",\"P-256\""), "leaf ica", NULL, NULL,
		VERDICT_PASS, NULL, CAUSE_NONE, "P-256" },
	{ "a curve that is not", CURVES("\"P-384\",\"Ed25519\""), "leaf ica", NULL, NULL,
		VERDICT_FAIL, "CurveNotAllowed", CAUSE_NONE, "the key is on P-256" },
	{ "RSA is on no curve", CURVES("\"P-384\""), "keyed-rsa", NULL, NULL, VERDICT_PASS, NULL,
		CAUSE_NONE, "RSA" },
	{ "RSA for PSS is on none either", CURVES("\"P-384\""),
		"keyed-rsa:" RSA_ENCRYPTION ">" RSA_PSS, NULL, NULL, VERDICT_PASS, NULL, CAUSE_NONE,
		"RSA" },

	{ "an algorithm that is allowed", ALGORITHMS("\"RSA\",\"ECDSA\""), "leaf ica", NULL, NULL,
		VERDICT_PASS, NULL, CAUSE_NONE, "P-256" },
	{ "one that is not", ALGORITHMS("\"ECDSA\",\"EdDSA\""), "keyed-rsa", NULL, NULL,
		VERDICT_FAIL, "KeyAlgorithmNotAllowed", CAUSE_NONE,
		"the key is for RSA: RSA with 2048 bits" },
	{ "EdDSA is no ECDSA", ALGORITHMS("\"ECDSA\""), "keyed-ed25519", NULL, NULL, VERDICT_FAIL,
		"KeyAlgorithmNotAllowed", CAUSE_NONE, "the key is for EdDSA: Ed25519" },
	{ "one for PSS alone is for RSA", ALGORITHMS("\"RSA\""),
		"keyed-rsa:" RSA_ENCRYPTION ">" RSA_PSS, NULL, NULL, VERDICT_PASS, NULL, CAUSE_NONE,
		"" },

	{ "what cannot be read has no key", KEY, UNREADABLE, NULL, NULL, VERDICT_FAIL, "Malformed",
		CAUSE_PATH, "cannot be read" },
	{ "a short key needs no proof", KEY, "leaf-rsa1024 ica", NULL, proves_nothing, VERDICT_FAIL,
		"KeyTooShort", CAUSE_NONE, "" },
	{ "a key that nobody can compute with is not proven", KEY, "leaf-large", NULL,
		breaks_behind_the_chain, VERDICT_ERROR, "NotProven", CAUSE_HANDSHAKE, "" },
	{ "another connection shows a short one", KEY, "leaf ica", NULL,
		shows_a_short_key_elsewhere, VERDICT_FAIL, "KeyTooShort", CAUSE_NONE,
		"(RSA certificate, serial 1008) the key is RSA with 1024 bits" },
	{ "a file is held to the same", KEY, "leaf-rsa1024 ica", NULL, is_a_file, VERDICT_FAIL,
		"KeyTooShort", CAUSE_NONE, "" },
};

static void
keys_are_strong_enough_or_not(void **state)
{
	(void)state;
	expect_of_chains(keys, COUNT(keys));
	expect_nothing_without_proof(KEY, "leaf ica", NULL);
}

static const struct chain_row signatures[] = {
	{ "SHA-256 is enough where nothing is said", SIGNATURE, "leaf ica", NULL, NULL,
		VERDICT_PASS, NULL, CAUSE_NONE,
		"the certificate is signed with ecdsa-with-SHA256" },
	{ "so is that of PSS", SIGNATURE, "leaf-of-pss rsa-root", NULL, NULL, VERDICT_PASS, NULL,
		CAUSE_NONE, "RSASSA-PSS" },
	{ "the hash of Ed25519 always is", SIGNED_WITH("sha512"), "leaf-of-ed25519", NULL, NULL,
		VERDICT_PASS, NULL, CAUSE_NONE, "Ed25519" },
	{ "and that of Ed448", SIGNED_WITH("sha512"), "leaf-of-ed448", NULL, NULL, VERDICT_PASS,
		NULL, CAUSE_NONE, "Ed448" },
	{ "exactly the minimum", SIGNED_WITH("sha384"), "leaf-of-p384", NULL, NULL, VERDICT_PASS,
		NULL, CAUSE_NONE, "ecdsa-with-SHA384" },
	{ "one below the minimum", SIGNED_WITH("sha512"), "leaf-of-p384", NULL, NULL, VERDICT_FAIL,
		"SignatureTooWeak", CAUSE_NONE,
		"the certificate is signed with ecdsa-with-SHA384" },
	{ "SHA-224 is below SHA-256", SIGNATURE, "leaf:" ECDSA_SHA256 ">" ECDSA_SHA224 " ica", NULL,
		NULL, VERDICT_FAIL, "SignatureTooWeak", CAUSE_NONE, "ecdsa-with-SHA224" },
	{ "SHA-1 is", SIGNATURE, "leaf-sha1 rsa-root", NULL, NULL, VERDICT_FAIL, "SignatureTooWeak",
		CAUSE_NONE, "sha1WithRSAEncryption" },
	{ "MD5 is", SIGNATURE, "leaf-sha1:" RSA_SHA1 ">" RSA_MD5, NULL, NULL, VERDICT_FAIL,
		"SignatureTooWeak", CAUSE_NONE, "md5WithRSAEncryption" },
	{ "what is not known is", SIGNATURE, "leaf-sha1:" RSA_SHA1 ">" RSA_NONE, NULL, NULL,
		VERDICT_FAIL, "SignatureTooWeak", CAUSE_NONE, "an unknown hash" },

	{ "an issuer is held to the same", SIGNATURE, "leaf ica:" ECDSA_SHA256 ">" ECDSA_SHA224,
		NULL, NULL, VERDICT_FAIL, "SignatureTooWeak", CAUSE_NONE,
		"intermediate 1 (CN=Test CA 1, O=Example) is signed with ecdsa-with-SHA224" },
	{ "of both, the leaf is told", SIGNED_WITH("sha384"), "leaf ica", NULL, NULL, VERDICT_FAIL,
		"SignatureTooWeak", CAUSE_NONE, "the certificate is signed with" },
	{ "that of a root upon itself does not count", SIGNED_WITH("sha512"),
		"leaf-of-rsa-512 rsa-root", NULL, NULL, VERDICT_PASS, NULL, CAUSE_NONE,
		"sha512WithRSAEncryption" },
	{ "that of an anchor does not", SIGNED_WITH("sha512"),
		"leaf:" ECDSA_SHA256 ">" ECDSA_SHA512 " ica:" ECDSA_SHA256 ">" ECDSA_SHA512, NULL,
		NULL, VERDICT_PASS, NULL, CAUSE_NONE, "ecdsa-with-SHA512" },
	{ "that of a leaf upon itself does", SIGNED_WITH("sha384"), "self-signed", NULL, NULL,
		VERDICT_FAIL, "SignatureTooWeak", CAUSE_NONE, "" },
	{ "without a path, all that was sent counts", SIGNATURE, "leaf leaf-sha1", NULL,
		was_not_judged, VERDICT_FAIL, "SignatureTooWeak", CAUSE_NONE, "intermediate 1" },
	{ "what was sent beside the path does not", SIGNATURE, "leaf leaf-sha1 ica", NULL, NULL,
		VERDICT_PASS, NULL, CAUSE_NONE, "" },

	{ "what cannot be read has no signature", SIGNATURE, UNREADABLE " ica", NULL, NULL,
		VERDICT_FAIL, "Malformed", CAUSE_PATH, "cannot be read" },
	{ "a weak one needs no proof", SIGNATURE, "leaf-sha1 rsa-root", NULL, proves_nothing,
		VERDICT_FAIL, "SignatureTooWeak", CAUSE_NONE, "" },
	{ "another connection shows a weak one", SIGNATURE, "leaf ica", NULL, shows_sha1_elsewhere,
		VERDICT_FAIL, "SignatureTooWeak", CAUSE_NONE, "(ECDSA certificate, serial 101f)" },
	{ "a file is held to the same", SIGNATURE, "leaf-sha1 rsa-root", NULL, is_a_file,
		VERDICT_FAIL, "SignatureTooWeak", CAUSE_NONE, "" },
};

static void
signatures_are_strong_enough_or_not(void **state)
{
	(void)state;
	expect_of_chains(signatures, COUNT(signatures));
	expect_nothing_without_proof(SIGNATURE, "leaf ica", NULL);
}

static const struct chain_row usages[] = {
	{ "a certificate for servers, of a key that signs", USAGE, "leaf ica", NULL, NULL,
		VERDICT_PASS, NULL, CAUSE_NONE,
		"extended key usage: serverAuth; key usage: digitalSignature" },
	{ "that of an authority is none", USAGE, "ica", NULL, NULL, VERDICT_FAIL, "CertificateIsCa",
		CAUSE_NONE, "one of an authority" },
	{ "one for clients is not for servers", USAGE, "leaf-client ica", NULL, NULL, VERDICT_FAIL,
		"PurposeMissing", CAUSE_NONE, "the certificate is not for serverAuth" },
	{ "one for any purpose is", USAGE, "leaf-any ica", NULL, NULL, VERDICT_PASS, NULL,
		CAUSE_NONE, "extended key usage: anyExtendedKeyUsage" },
	{ "one that names no purpose is", USAGE, "self-signed", NULL, NULL, VERDICT_PASS, NULL,
		CAUSE_NONE, "extended key usage: any (absent); key usage: any (absent)" },

	{ "both purposes", INCLUDES("\"serverAuth\",\"clientAuth\""), "leaf-both", NULL, NULL,
		VERDICT_PASS, NULL, CAUSE_NONE, "serverAuth, clientAuth" },
	{ "one of two purposes", INCLUDES("\"serverAuth\",\"clientAuth\""), "leaf ica", NULL, NULL,
		VERDICT_FAIL, "PurposeMissing", CAUSE_NONE,
		"the certificate is not for clientAuth" },
	{ "one for mail", INCLUDES("\"emailProtection\""), "leaf:" FOR_SERVERS ">" FOR_MAIL " ica",
		NULL, NULL, VERDICT_PASS, NULL, CAUSE_NONE, "emailProtection" },
	{ "one for mail is not for OCSP", INCLUDES("\"OCSPSigning\""),
		"leaf:" FOR_SERVERS ">" FOR_MAIL " ica", NULL, NULL, VERDICT_FAIL, "PurposeMissing",
		CAUSE_NONE, "not for OCSPSigning" },
	{ "one for OCSP", INCLUDES("\"OCSPSigning\""), "leaf:" FOR_SERVERS ">" FOR_OCSP " ica",
		NULL, NULL, VERDICT_PASS, NULL, CAUSE_NONE, "OCSPSigning" },

	{ "a purpose that must not be is not there", EXCLUDES("\"clientAuth\""), "leaf ica", NULL,
		NULL, VERDICT_PASS, NULL, CAUSE_NONE, "" },
	{ "a purpose that must not be is there", EXCLUDES("\"emailProtection\",\"clientAuth\""),
		"leaf-both", NULL, NULL, VERDICT_FAIL, "PurposeUnwanted", CAUSE_NONE,
		"the certificate is also for clientAuth" },
	{ "any purpose is the one that must not be", EXCLUDES("\"clientAuth\""), "leaf-any ica",
		NULL, NULL, VERDICT_FAIL, "PurposeUnwanted", CAUSE_NONE, "also for clientAuth" },
	{ "no purpose is any purpose", EXCLUDES("\"OCSPSigning\""), "self-signed", NULL, NULL,
		VERDICT_FAIL, "PurposeUnwanted", CAUSE_NONE, "also for OCSPSigning" },

	{ "a key that may only encipher does not sign", USAGE,
		"leaf:" MAY_SIGN ">" MAY_ENCIPHER " ica", NULL, NULL, VERDICT_FAIL,
		"KeyUsageMissing", CAUSE_NONE, "the key may not be used for digitalSignature" },
	{ "nor is that asked of it", KEY_USAGE("\"keyEncipherment\""),
		"leaf:" MAY_SIGN ">" MAY_ENCIPHER " ica", NULL, NULL, VERDICT_PASS, NULL,
		CAUSE_NONE, "key usage: keyEncipherment" },
	{ "a key that may do both", KEY_USAGE("\"digitalSignature\",\"keyEncipherment\""),
		"leaf:" MAY_SIGN ">" MAY_BOTH " ica", NULL, NULL, VERDICT_PASS, NULL, CAUSE_NONE,
		"digitalSignature, keyEncipherment" },
	{ "a key that may do one of two", KEY_USAGE("\"digitalSignature\",\"keyEncipherment\""),
		"leaf ica", NULL, NULL, VERDICT_FAIL, "KeyUsageMissing", CAUSE_NONE,
		"the key may not be used for keyEncipherment" },
	{ "a key that is not restricted may do all",
		KEY_USAGE("\"keyAgreement\",\"contentCommitment\",\"dataEncipherment\""), "nonca",
		NULL, NULL, VERDICT_PASS, NULL, CAUSE_NONE, "key usage: any (absent)" },

	{ "whether it is one of an authority cannot be read", USAGE,
		"leaf:#0603551d130101ff04023000>#0603551d130101ff04023100 ica", NULL, NULL,
		VERDICT_FAIL, "Malformed", CAUSE_PATH, "unreadable basicConstraints" },
	{ "purposes that stand there twice are none to rely on", EXCLUDES("\"clientAuth\""),
		"leaf:#0603551d0e>#0603551d25 ica", NULL, NULL, VERDICT_FAIL, "Malformed",
		CAUSE_PATH, "extKeyUsage stands there twice" },
	{ "what cannot be read is for nothing", USAGE, UNREADABLE " ica", NULL, NULL, VERDICT_FAIL,
		"Malformed", CAUSE_PATH, "cannot be read" },
	{ "one for clients needs no proof", USAGE, "leaf-client ica", NULL, proves_nothing,
		VERDICT_FAIL, "PurposeMissing", CAUSE_NONE, "" },
	{ "another connection shows one for clients", USAGE, "leaf ica", NULL,
		shows_a_client_elsewhere, VERDICT_FAIL, "PurposeMissing", CAUSE_NONE,
		"(ECDSA certificate, serial 1003) the certificate is not for serverAuth" },
	{ "a file is held to the same", USAGE, "leaf-client ica", NULL, is_a_file, VERDICT_FAIL,
		"PurposeMissing", CAUSE_NONE, "" },
};

static void
certificates_are_for_servers_or_not(void **state)
{
	(void)state;
	expect_of_chains(usages, COUNT(usages));
	expect_nothing_without_proof(USAGE, "leaf ica", NULL);
}

static const struct said_row said[] = {
	{ "how many bits are wanted is said", RSA_FROM(3072), "keyed-rsa", NULL, NULL,
		"RSA with at least 3072 bits", "RSA with 2048 bits", NULL, NULL },
	{ "the signatures of all that counts are observed", SIGNED_WITH("sha384"), "leaf ica", NULL,
		NULL, "sha384 or better",
		"intermediate 1 (CN=Test CA 1, O=Example): ecdsa-with-SHA256; the certificate: "
		"ecdsa-with-SHA256",
		NULL, NULL },
	{ "what is wanted of the key is said",
		USAGE_WITH("\"includes\":[\"clientAuth\"],\"key_usage\":[\"keyAgreement\"]"),
		"leaf-both", NULL, NULL, "purposes: clientAuth; the key for: keyAgreement",
		"extended key usage: serverAuth, clientAuth; key usage: digitalSignature", NULL,
		NULL },
};

static void
it_is_said_what_is_wanted(void **state)
{
	(void)state;
	expect_said(said, COUNT(said));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_are_strong_enough_or_not),
		cmocka_unit_test(signatures_are_strong_enough_or_not),
		cmocka_unit_test(certificates_are_for_servers_or_not),
		cmocka_unit_test(it_is_said_what_is_wanted),
	};

	return cmocka_run_group_tests(tests, fill_stores, release_stores);
}
