"""pyftpdlib as a benchmark server: one user, explicit TLS required on control and data."""

import sys

from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import TLS_FTPHandler
from pyftpdlib.log import config_logging
from pyftpdlib.servers import FTPServer

port, first, last, certificate, home, user, password = sys.argv[1:8]
config_logging(level=40)
authorizer = DummyAuthorizer()
authorizer.add_user(user, password, home, perm="elradfmwMT")
TLS_FTPHandler.certfile = certificate
TLS_FTPHandler.authorizer = authorizer
TLS_FTPHandler.tls_control_required = True
TLS_FTPHandler.tls_data_required = True
TLS_FTPHandler.passive_ports = range(int(first), int(last) + 1)
TLS_FTPHandler.timeout = 1800
FTPServer.max_cons = 0
FTPServer(("127.0.0.1", int(port)), TLS_FTPHandler, backlog=1024).serve_forever()
