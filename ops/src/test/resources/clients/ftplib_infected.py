"""ftplib_infected.py PORT CERTIFICATE USER PASSWORD: stores the file evil, and prints how it fails."""
import ftplib
import ssl
import sys

port, certificate, user, password = sys.argv[1:]
context = ssl.create_default_context(cafile=certificate)
context.check_hostname = False


class Resuming(ftplib.FTP_TLS):
    def ntransfercmd(self, cmd, rest=None):
        connection, size = ftplib.FTP.ntransfercmd(self, cmd, rest)
        if self._prot_p:
            connection = self.context.wrap_socket(connection, server_hostname=self.host, session=self.sock.session)
        return connection, size


with Resuming(context=context, timeout=30) as ftp:
    ftp.connect("127.0.0.1", int(port))
    ftp.login(user, password)
    ftp.prot_p()
    try:
        with open("evil", "rb") as file:
            ftp.storbinary("STOR evil", file)
        print("stored")
    except ftplib.all_errors as error:
        print(type(error).__name__, error)
    print(ftp.voidcmd("NOOP"))
