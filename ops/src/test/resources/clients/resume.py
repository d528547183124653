"""Uploads a file and resumes it after every break, as careful clients do: SIZE, REST and STOR; from the start where that is refused."""
import ftplib
import ssl
import sys

host, port, ca, user, password, local, remote = sys.argv[1:]
context = ssl.create_default_context(cafile=ca)
context.check_hostname = False


class Client(ftplib.FTP_TLS):
    """Data connections resume the TLS session of the control connection."""

    def ntransfercmd(self, cmd, rest=None):
        connection, size = ftplib.FTP.ntransfercmd(self, cmd, rest)
        return self.context.wrap_socket(connection, server_hostname=self.host, session=self.sock.session), size


def connect():
    client = Client(context=context, timeout=20)
    client.connect(host, int(port))
    client.login(user, password)
    client.prot_p()
    client.voidcmd("TYPE I")
    return client


def attempt(resumed):
    with connect() as client, open(local, "rb") as content:
        offset = 0
        if resumed:
            try:
                offset = min(client.size(remote), content.seek(0, 2))
            except ftplib.error_perm:
                pass
        content.seek(offset)
        try:
            client.storbinary("STOR " + remote, content, rest=offset or None)
        except ftplib.error_perm as refusal:
            if not offset or str(refusal)[:3] not in ("550", "554"):
                raise
            content.seek(0)
            client.storbinary("STOR " + remote, content)


for number in range(8):
    try:
        attempt(number > 0)
        break
    except (OSError, EOFError, ftplib.error_temp) as broken:
        print("broken:", broken)
else:
    sys.exit("given up")
