"""One session of ftplib: HOST PORT USER PASSWORD CAFILE stock|reuse 1.2|1.3. Ends with "all good"."""
import ftplib
import io
import ssl
import sys
import time

host, port, user, password, ca, kind, version = sys.argv[1:8]


class Reusing(ftplib.FTP_TLS):
    """ftplib as people patch it: data connections resume the session of the control connection."""

    def ntransfercmd(self, cmd, rest=None):
        conn, size = ftplib.FTP.ntransfercmd(self, cmd, rest)
        if self._prot_p:
            conn = self.context.wrap_socket(conn, server_hostname=self.host, session=self.sock.session)
        return conn, size


context = ssl.create_default_context(cafile=ca)
context.minimum_version = context.maximum_version = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}[version]
ftp = (Reusing if kind == "reuse" else ftplib.FTP_TLS)(context=context, timeout=30)
ftp.encoding = "utf-8"
ftp.connect(host, int(port))
ftp.login(user, password)
ftp.prot_p()


def fetch(name, rest=None):
    out = io.BytesIO()
    ftp.retrbinary("RETR " + name, out.write, rest=rest)
    return out.getvalue()


data = bytes(range(256)) * 4096
ftp.storbinary("STOR f", io.BytesIO(data))
assert fetch("f") == data
assert fetch("f", rest=1_000_000) == data[1_000_000:]
ftp.storbinary("STOR f", io.BytesIO(b"tail"), rest=len(data))
assert fetch("f") == data + b"tail"
ftp.storbinary("STOR empty", io.BytesIO())
assert fetch("empty") == b""
ftp.storlines("STOR text", io.BytesIO(b"one\r\ntwo\r\n"))
lines = []
ftp.retrlines("RETR text", lines.append)
assert lines == ["one", "two"], lines
assert ftp.mkd('a"b ü') == '/a"b ü'
ftp.cwd('a"b ü')
assert ftp.pwd() == '/a"b ü'
assert ftp.nlst() == []
ftp.cwd("..")
assert sorted(ftp.nlst()) == sorted(['a"b ü', "empty", "f", "text"]), ftp.nlst()
facts = {name: entry for name, entry in ftp.mlsd()}
assert facts["f"]["size"] == str(len(data) + 4) and facts["f"]["type"] == "file", facts
assert facts['a"b ü']["type"] == "dir"
listing = []
ftp.dir(listing.append)
assert len(listing) == 4, listing
ftp.voidcmd("TYPE I")
assert ftp.size("f") == len(data) + 4
ftp.rename("f", "g")
ftp.delete("g")
ftp.rmd('a"b ü')
ftp.storbinary("STOR big", io.BytesIO(bytes(8 << 20)))
ftp.voidcmd("TYPE I")
conn = ftp.transfercmd("RETR big")
assert conn.recv(1000)
ftp.putcmd("ABOR")
conn.settimeout(20)
try:
    while conn.recv(65536):
        pass
except (ssl.SSLError, OSError):
    pass
conn.close()
replies = []
while not replies or replies[-1][:3] != "226" or len(replies) < 2:
    try:
        replies.append(ftp.getmultiline())
    except ftplib.Error as error:
        replies.append(str(error))
    assert len(replies) <= 2, replies
assert replies[0][:3] in ("426", "226") and replies[1][:3] == "226", replies
assert ftp.voidcmd("NOOP")[:3] == "200"
assert len(fetch("big")) == 8 << 20
ftp.quit()
print("all good")
