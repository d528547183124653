"""CCC and REIN with ftplib: HOST PORT USER PASSWORD CAFILE 1.2|1.3. Ends with "all good"."""
import ftplib
import io
import socket
import ssl
import sys

host, port, user, password, ca, version = sys.argv[1:7]
context = ssl.create_default_context(cafile=ca)
context.minimum_version = context.maximum_version = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}[version]


def refused(code, command):
    try:
        ftp.sendcmd(command)
    except ftplib.Error as error:
        assert str(error).startswith(code), (command, error)
    else:
        raise AssertionError(command + " was not refused")


ftp = ftplib.FTP_TLS(context=context, timeout=30)
ftp.connect(host, int(port))
ftp.login(user, password)
ftp.prot_p()
ftp.storbinary("STOR before", io.BytesIO(b"before"))
ftp.ccc()
assert ftp.pwd() == "/"
refused("503", "AUTH TLS")
refused("503", "PBSZ 0")
refused("503", "PROT C")
refused("534", "USER " + user)
refused("534", "PASS " + password)
ftp.storbinary("STOR after", io.BytesIO(b"after"))
out = io.BytesIO()
ftp.retrbinary("RETR after", out.write)
assert out.getvalue() == b"after"
assert ftp.size("before") == 6
ftp.quit()

ftp = ftplib.FTP_TLS(context=context, timeout=30)
ftp.connect(host, int(port))
ftp.login(user, password)
ftp.prot_p()
ftp.mkd("d")
ftp.cwd("d")
ftp.voidcmd("REIN")
ftp.sock.unwrap()
ftp.sock = socket.socket(fileno=ftp.sock.detach())
ftp.sock.settimeout(30)
ftp.file = ftp.sock.makefile(mode="r", encoding=ftp.encoding)
refused("530", "PWD")
refused("530", "USER " + user)
refused("503", "PROT P")
ftp.auth()
ftp.login(user, password)
assert ftp.pwd() == "/"
ftp.prot_p()
assert sorted(ftp.nlst()) == ["after", "before", "d"], ftp.nlst()
ftp.quit()
print("all good")
