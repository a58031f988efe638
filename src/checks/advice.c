/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Settings of the servers of mailboxes, of files and of the web, and the advice that names them.
 */
#include "checks/advice.h"

#include <string.h>

/* What a setting is about. */
enum setting {
	SETTING_NONE,
	SETTING_CERTIFICATE,
	SETTING_SWITCH, /* TLS behind a command */
	SETTING_REQUIRED,
	SETTING_VERSIONS,
	SETTING_SUITES,
	SETTING_ORDER,
	SETTING_GROUPS,
	SETTING_DH,
	SETTING_COMPRESSION,
	SETTING_RENEGOTIATION,
	SETTING_TICKETS,
	SETTING_CLIENTS, /* who is turned away */
	SETTING_CAPABILITIES,
	SETTING_MECHANISMS,
	SETTING_ACCOUNTS, /* where passwords are, or what tries them */
	SETTING_COUNT
};

/* By enum dialect_servers; where there is nothing, the text in brackets is left out. */
static const char *const settings[][SETTING_COUNT] = {
	[SERVERS_OF_MAIL] = { [SETTING_CERTIFICATE] =
				      "Postfix: smtpd_tls_chain_files; Dovecot: ssl_cert; Exim: "
				      "tls_certificate" },
	[SERVERS_OF_MAILBOXES] = { [SETTING_CERTIFICATE] =
					   "Dovecot: ssl_cert, from 2.4 on ssl_server_cert_file; Cyrus: "
					   "tls_server_cert; Courier: TLS_CERTFILE",
		[SETTING_SWITCH] = "Dovecot: ssl = required; Cyrus: tls_server_cert and "
				   "tls_server_key; Courier: IMAPDSTARTTLS, POP3_STARTTLS = YES",
		[SETTING_REQUIRED] =
			"Dovecot: ssl = required, and no address in "
			"login_trusted_networks; Cyrus: allowplaintext: no, and no SASL "
			"mechanism without TLS; Courier: IMAP_TLS_REQUIRED, "
			"POP3_TLS_REQUIRED = 1",
		[SETTING_VERSIONS] = "Dovecot: ssl_min_protocol = TLSv1.2; Cyrus: tls_versions; "
				     "Courier: TLS_PROTOCOL",
		[SETTING_SUITES] = "Dovecot: ssl_cipher_list; Cyrus: tls_ciphers; Courier: "
				   "TLS_CIPHER_LIST",
		[SETTING_ORDER] = "Dovecot: ssl_prefer_server_ciphers; Cyrus: "
				  "tls_prefer_server_ciphers",
		[SETTING_GROUPS] = "Dovecot: ssl_curve_list; Cyrus: tls_eccurve",
		[SETTING_DH] = "Dovecot: ssl_dh; Cyrus: tls_dh_file; Courier: TLS_DHPARAMS",
		[SETTING_COMPRESSION] = "Dovecot: ssl_options = no_compression; Cyrus: "
					"tls_compression: 0",
		[SETTING_RENEGOTIATION] = "Dovecot: ssl_options = no_renegotiation",
		[SETTING_TICKETS] = "Dovecot: ssl_options = no_ticket refuses it; Cyrus: "
				    "tls_session_timeout: 0 does",
		[SETTING_CLIENTS] =
			"Dovecot: mail_max_userip_connections and the limits of the login "
			"service; Cyrus: maxchild; Courier: MAXDAEMONS, MAXPERIP",
		[SETTING_CAPABILITIES] = "Dovecot: imap_capability; Cyrus: suppress_capabilities; "
					 "Courier: IMAP_CAPABILITY",
		[SETTING_MECHANISMS] = "Dovecot: auth_mechanisms; Cyrus: sasl_mech_list; Courier: "
				       "IMAP_CAPABILITY_TLS, POP3AUTH_TLS",
		[SETTING_ACCOUNTS] =
			"Dovecot: doveadm auth test; Cyrus: testsaslauthd; Courier: authtest" },
	[SERVERS_OF_FILES] = { [SETTING_CERTIFICATE] =
				       "vsftpd: rsa_cert_file; ProFTPD: TLSRSACertificateFile and "
				       "TLSCertificateChainFile; Pure-FTPd: CertFile",
		[SETTING_SWITCH] =
			"vsftpd: ssl_enable = YES; ProFTPD: TLSEngine on; Pure-FTPd: TLS 1",
		[SETTING_REQUIRED] =
			"vsftpd: force_local_logins_ssl = YES; ProFTPD: TLSRequired on; "
			"Pure-FTPd: TLS 2",
		[SETTING_VERSIONS] = "vsftpd: ssl_tlsv1 = NO and the like; ProFTPD: TLSProtocol; "
				     "otherwise MinProtocol in openssl.cnf",
		[SETTING_SUITES] = "vsftpd: ssl_ciphers; ProFTPD: TLSCipherSuite; Pure-FTPd: "
				   "TLSCipherSuite",
		[SETTING_ORDER] = "ProFTPD: TLSServerCipherPreference on",
		[SETTING_GROUPS] = "ProFTPD: TLSECDHCurve; otherwise Groups in openssl.cnf",
		[SETTING_DH] = "vsftpd: dh_param_file; ProFTPD: TLSDHParamFile",
		[SETTING_CLIENTS] = "vsftpd: max_clients, max_per_ip; ProFTPD: MaxClients, "
				    "MaxClientsPerHost",
		[SETTING_ACCOUNTS] = "vsftpd: pam_service_name; ProFTPD: AuthUserFile; Pure-FTPd: "
				     "PureDB" },
	[SERVERS_OF_TLS] = { [SETTING_CERTIFICATE] =
				     "nginx: ssl_certificate; Apache: SSLCertificateFile; HAProxy: "
				     "crt on the bind line",
		[SETTING_VERSIONS] =
			"nginx: ssl_protocols; Apache: SSLProtocol; HAProxy: ssl-min-ver",
		[SETTING_SUITES] = "nginx: ssl_ciphers; Apache: SSLCipherSuite; HAProxy: ciphers",
		[SETTING_ORDER] = "nginx: ssl_prefer_server_ciphers; Apache: SSLHonorCipherOrder",
		[SETTING_GROUPS] =
			"nginx: ssl_ecdh_curve; Apache: SSLOpenSSLConfCmd Groups; HAProxy: "
			"curves",
		[SETTING_DH] = "nginx: ssl_dhparam; Apache: SSLOpenSSLConfCmd DHParameters",
		[SETTING_COMPRESSION] = "Apache: SSLCompression off",
		[SETTING_RENEGOTIATION] = "Apache: SSLInsecureRenegotiation off",
		[SETTING_TICKETS] = "nginx: ssl_session_tickets; Apache: SSLSessionTickets" },
};

/* `before`, the setting in brackets, `behind`. */
struct advice {
	const char *check;
	const char *before;
	enum setting setting;
	const char *behind;
};

#define OLD_LIBRARY ", or update the TLS library: OpenSSL builds without it since 2016."
#define REMOVE_SUITES(suites) "Take " suites " out of the suites"

static const struct advice advices[] = {
	{ "connection.greeting",
		"The server turns this client away: look for a list of addresses or "
		"a limit of connections",
		SETTING_CLIENTS,
		", and for a service behind it that is not reachable: see the log. If the text is not "
		"the expected one, check what the port is forwarded to." },
	{ "ehlo.accepted",
		"Read the reply: every server of today knows this command. Look for a proxy "
		"in front of it that knows but some, and see the log",
		SETTING_NONE, "." },
	{ "ehlo.includes",
		"Enable the extension for this listener, and look for settings that suppress "
		"capabilities",
		SETTING_CAPABILITIES, ", or for a proxy in front that filters the reply." },
	{ "ehlo.excludes", "Disable the extension for this listener, or offer it after TLS only",
		SETTING_CAPABILITIES, "." },
	{ "session.ehlo",
		"Read the reply in the transcript. If the connection is closed here, see the "
		"log: often a proxy speaks TLS, and what is behind it is not reachable. A "
		"refusal says that the server did not start the session over: update it",
		SETTING_NONE, "." },
	{ "session.includes",
		"Enable the extension for this listener, and look for settings that "
		"suppress capabilities",
		SETTING_CAPABILITIES, ", or for a proxy in front that filters the reply." },
	{ "session.excludes", "Disable the extension for this listener", SETTING_CAPABILITIES,
		"." },
	{ "starttls.advertised",
		"Configure a certificate and key that the server can read, and switch "
		"TLS on",
		SETTING_SWITCH,
		". Servers stop offering it when a file cannot be loaded: see the log. If the server "
		"offers it when asked on its own machine, a firewall on the way removes it." },
	{ "starttls.accepted",
		"See the log for a certificate or key that cannot be loaded, or a limit "
		"of processes that is reached. If the command was not understood, look "
		"for a proxy in front of the server",
		SETTING_NONE, "." },
	{ "starttls.clean_reply",
		"Update the server, and look for a proxy or filter in front of it "
		"that adds bytes or answers ahead of the client: nothing may be sent "
		"between the end of the reply and the handshake. Some servers say there "
		"that a key cannot be loaded: see the text",
		SETTING_NONE, "." },
	{ "starttls.no_injection",
		"Update the server. If it is up to date, a proxy in front of it "
		"reads ahead: update that, or let connections through to the server",
		SETTING_NONE, "." },
	{ "starttls.required", "Require TLS", SETTING_REQUIRED,
		". A client that comes from an address of the server itself may count as protected." },
	{ "tls.version", "Name the lowest version", SETTING_VERSIONS,
		". If a version is too new for `maximum`, the server was upgraded: adapt the "
		"checklist." },
	{ "tls.versions", "Name the versions", SETTING_VERSIONS,
		", and see that the system's crypto policy allows the ones that are missing." },
	{ "tls.cipher", "Narrow the suites of the server down to the allowed ones", SETTING_SUITES,
		", or allow the one that was chosen." },
	{ "tls.ciphers", "Set the list of suites", SETTING_SUITES,
		". Suites with SHA-1 or CBC go when only ECDHE with AES-GCM and ChaCha20 stays." },
	{ "tls.forward_secrecy",
		"Leave out the suites with static RSA and static Diffie-Hellman: with "
		"OpenSSL, add !kRSA:!kDH:!kECDH to the list",
		SETTING_SUITES, "." },
	{ "tls.cipher_order", "Let the server choose, or not, as it is wanted", SETTING_ORDER,
		"." },
	{ "tls.groups", "Name the groups", SETTING_GROUPS,
		". X25519MLKEM768 needs OpenSSL 3.5 or a library as new." },
	{ "tls.dh_size", "Leave DHE out, or give it a prime of 2048 bits or more", SETTING_DH,
		"; best a group of RFC 7919." },
	{ "tls.compression_disabled", "Switch compression off", SETTING_COMPRESSION, OLD_LIBRARY },
	{ "tls.client_renegotiation_refused", "Switch it off", SETTING_RENEGOTIATION,
		", or update: OpenSSL 3 refuses by itself." },
	{ "tls.session_resumption",
		"For resumption leave tickets on and keep their key for some hours",
		SETTING_TICKETS, ". Servers behind one name need a ticket key in common." },
	{ "vulnerability.crime", "Switch compression off", SETTING_COMPRESSION, OLD_LIBRARY },
	{ "vulnerability.poodle", "Switch SSLv3 off", SETTING_VERSIONS, "." },
	{ "vulnerability.beast", "Switch TLS 1.0 off", SETTING_VERSIONS,
		". RC4 in its place is no way out." },
	{ "vulnerability.sweet32", REMOVE_SUITES("3DES and its like"), SETTING_SUITES, "." },
	{ "vulnerability.rc4", REMOVE_SUITES("RC4"), SETTING_SUITES, "." },
	{ "vulnerability.freak", REMOVE_SUITES("export ones"), SETTING_SUITES,
		", or update the TLS library: OpenSSL dropped them in 1.1.0." },
	{ "vulnerability.logjam", REMOVE_SUITES("export ones"), SETTING_SUITES,
		", and let the others have a group of 2048 bits, or none." },
	{ "vulnerability.drown", "Switch SSLv2 off on every server that has the key",
		SETTING_VERSIONS,
		", and update the TLS library: OpenSSL dropped SSLv2 in 1.1.0. A key that was used with "
		"SSLv2 needs to be replaced." },
	{ "vulnerability.robot",
		"Switch off the suites without forward secrecy, which nobody needs any "
		"more: with OpenSSL, add !kRSA to the list",
		SETTING_SUITES,
		", and update the TLS library or the load balancer that has the fault." },
	{ "certificate.trusted",
		"Have the server send the certificate followed by all intermediates, "
		"without the root, such as fullchain.pem of an ACME client",
		SETTING_CERTIFICATE,
		". If the authority is your own, name its certificate in trust.ca_file or with "
		"--ca-file." },
	{ "certificate.hostname",
		"Have a certificate issued whose subjectAltName holds this name (the "
		"common name does not count), and check that the server chooses it for "
		"this server name: with several certificates, SNI decides",
		SETTING_NONE, "." },
	{ "certificate.chain",
		"Give the server one file with the certificate first, then each "
		"intermediate, each followed by its issuer, and no root",
		SETTING_CERTIFICATE, "; ACME clients write it as fullchain.pem." },
	{ "auth.mechanisms", "Set the mechanisms where logins are checked", SETTING_MECHANISMS,
		". If there are none at all, the server does not reach that service: see the log." },
	{ "auth.not_before_tls", "Offer logins inside TLS only", SETTING_REQUIRED,
		". APOP is off when the greeting has no time stamp in angle brackets." },
	{ "auth.login",
		"If the server says that name or password is wrong, try the account where "
		"passwords are kept",
		SETTING_ACCOUNTS, ". Otherwise see the log for the connection to that service." },
	{ "mail.accepted",
		"Read the reply, and see whether the recipient is known where mailboxes are "
		"(Dovecot: doveadm user; Cyrus: cyradm, listmailbox) and not above its quota",
		SETTING_NONE, "." },
	{ "mail.round_trip",
		"Follow the message by its token in the log of this server: whether it was delivered, "
		"into which mailbox, and what its rules (Sieve) and filters did to it. A full mailbox: "
		"raise its quota, or empty it",
		SETTING_NONE, "." },
	{ "mail.size",
		"Raise the limit of whoever hands the mail on to this server, and its own if it has "
		"one. If SIZE is not offered, this server tells no limit: leave the assertion out",
		SETTING_NONE, "." },
};

static const struct advice *
advice_on(const struct check *check)
{
	for (size_t i = 0; i < sizeof(advices) / sizeof(advices[0]); i++)
		if (strcmp(advices[i].check, check->name) == 0)
			return &advices[i];
	return NULL;
}

const char *
advice_fix(const struct check *check, const struct dialect *dialect, struct arena *arena)
{
	const struct advice *row = dialect->servers == SERVERS_OF_MAIL ? NULL : advice_on(check);
	const char *setting;

	if (row == NULL)
		return check->fix;
	setting = settings[dialect->servers][row->setting];
	return arena_printf(arena, "%s%s%s%s%s", row->before, setting != NULL ? " (" : "",
		setting != NULL ? setting : "", setting != NULL ? ")" : "", row->behind);
}

const char *
advice_certificate(const struct dialect *dialect)
{
	return settings[dialect->servers][SETTING_CERTIFICATE];
}
