// SPDX-License-Identifier: GPL-3.0-or-later
//
// smtp.cjs MODE PORT KEY CHAIN [CIPHERS]: a small SMTP server on loopback whose TLS is that of the
// program it runs in: Node.js from 0.8 on, or Deno (which knows no "starttls"). MODE is "implicit",
// "starttls", or "inside": TLS from the first byte, and no greeting, as it goes on behind STARTTLS.

'use strict';

var crypto = require('crypto');
var fs = require('fs');
var net = require('net');
var tls = require('tls');

var mode = process.argv[2];
var port = Number(process.argv[3]);
var options = {
	key: fs.readFileSync(process.argv[4], 'utf8'),
	cert: fs.readFileSync(process.argv[5], 'utf8')
};

if (process.argv[6])
	options.ciphers = process.argv[6];

// The replies, by verb. RCPT and DATA are never taken.
var replies = {
	NOOP: '250 2.0.0 yes',
	RSET: '250 2.0.0 yes',
	QUIT: '221 2.0.0 bye',
	MAIL: '250 2.1.0 yes',
	RCPT: '503 5.5.1 need MAIL'
};

function ehlo(inside) {
	return '250-mail.example.test\r\n250-PIPELINING\r\n' +
		(inside ? '250 8BITMIME' : '250 STARTTLS');
}

// What the command line says; true when TLS is to begin.
function answer(stream, inside, line) {
	var verb = line.split(' ')[0].toUpperCase();

	if (verb === 'STARTTLS' && !inside) {
		stream.write('220 2.0.0 go ahead\r\n');
		return true;
	}
	if (verb === 'EHLO')
		stream.write(ehlo(inside) + '\r\n');
	else if (verb === 'MAIL' && !inside)
		stream.write('530 5.7.0 Must issue a STARTTLS command first\r\n');
	else
		stream.write((replies[verb] || '502 5.5.1 not known here') + '\r\n');
	if (verb === 'QUIT')
		stream.end();
	return false;
}

// Takes commands until the client leaves, or TLS begins: then what came behind is dropped.
function converse(stream, inside, startTls) {
	var unread = '';

	function take(data) {
		var end;

		unread += data.toString('binary');
		while ((end = unread.indexOf('\n')) >= 0) {
			var line = unread.slice(0, end).replace('\r', '');

			unread = unread.slice(end + 1);
			if (answer(stream, inside, line)) {
				stream.removeListener('data', take);
				startTls();
				return;
			}
		}
	}
	stream.on('data', take);
	stream.on('error', function () { stream.destroy && stream.destroy(); });
}

// One for all connections, so that sessions can be resumed.
var context = tls.createSecureContext ? tls.createSecureContext(options)
	: crypto.createCredentials(options);

// Node.js up to 0.10 has no TLSSocket, but pairs of an encrypted and a cleartext stream.
function inTls(socket) {
	if (tls.TLSSocket)
		return new tls.TLSSocket(socket, { isServer: true, secureContext: context });

	var pair = tls.createSecurePair(context, true);

	pair.on('error', function () { socket.destroy(); });
	pair.encrypted.pipe(socket);
	socket.pipe(pair.encrypted);
	return pair.cleartext;
}

function plain(socket) {
	socket.on('error', function () { socket.destroy(); });
	socket.write('220 mail.example.test ESMTP\r\n');
	converse(socket, false, function () {
		converse(inTls(socket), true);
	});
}

function encrypted(stream) {
	if (mode === 'implicit')
		stream.write('220 mail.example.test ESMTP\r\n');
	converse(stream, true);
}

process.on('uncaughtException', function (error) { console.error(String(error)); });
(mode === 'starttls' ? net.createServer(plain) : tls.createServer(options, encrypted))
	.on('clientError', function () {})
	.listen(port, '127.0.0.1');
