# SPDX-License-Identifier: GPL-3.0-or-later
"""An nginx of our own on loopback, with TLS from the first byte: one port per configuration."""

import contextlib
import os
import shutil

from .packaged import free_ports, running

NGINX_CONF = """\
daemon off;
{user}
worker_processes 1;
pid {directory}/nginx.pid;
error_log {directory}/error.log;
events {{ }}
http {{
  access_log off;
  client_body_temp_path {directory}/body;
  proxy_temp_path {directory}/proxy;
  fastcgi_temp_path {directory}/fastcgi;
  uwsgi_temp_path {directory}/uwsgi;
  scgi_temp_path {directory}/scgi;
{servers}
}}
"""

SERVER = """\
  server {{
    listen {address}:{port} ssl;
    ssl_certificate {chain};
    ssl_certificate_key {key};
{options}
  }}
"""


def is_available():
    return shutil.which("nginx") is not None


def _server(port, identity, options, address="127.0.0.1"):
    lines = "\n".join(f"    {key} {value};" for key, value in options.items())
    return SERVER.format(address=address, port=port, chain=identity.chain, key=identity.key,
                         options=lines)


@contextlib.contextmanager
def nginx(directory, services):
    """`services`: name -> (identity, directives of its server block). Gives name -> port."""
    ports = dict(zip(services, free_ports(len(services))))
    with _serving(directory, [_server(ports[name], *service)
                              for name, service in services.items()], ports.values()):
        yield ports


@contextlib.contextmanager
def nginx_nodes(directory, nodes):
    """`nodes`: address -> (identity, directives of its server block). Gives the port, which is one."""
    port, = free_ports(1)
    with _serving(directory, [_server(port, *node, address=address)
                              for address, node in nodes.items()], [port]):
        yield port


@contextlib.contextmanager
def _serving(directory, servers, ports):
    directory.mkdir(parents=True)
    configuration = directory / "nginx.conf"
    configuration.write_text(NGINX_CONF.format(
        directory=directory, user="user nobody nogroup;" if os.geteuid() == 0 else "",
        servers="".join(servers)))
    command = ["nginx", "-p", directory, "-e", directory / "error.log", "-c", configuration]
    with running(command, directory, ports):
        yield
