"""ftplib without session reuse where reuse is required: HOST PORT USER PASSWORD CAFILE 1.2|1.3. Ends with "all good"."""
import ftplib
import io
import ssl
import sys

host, port, user, password, ca, version = sys.argv[1:7]
context = ssl.create_default_context(cafile=ca)
context.minimum_version = context.maximum_version = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}[version]
ftp = ftplib.FTP_TLS(context=context, timeout=30)
ftp.connect(host, int(port))
ftp.login(user, password)
ftp.prot_p()


def refused(transfer):
    try:
        transfer()
    except ftplib.error_perm as error:
        assert str(error).startswith("522"), error
    except (ssl.SSLError, OSError):  # the data connection was closed under our hands; the reply is still to come
        reply = ftp.getmultiline()
        assert reply.startswith("522"), reply
    else:
        raise AssertionError("not refused")
    assert ftp.voidcmd("NOOP").startswith("200")


for _ in range(3):
    refused(lambda: ftp.retrlines("LIST", lambda line: None))
    refused(lambda: ftp.storbinary("STOR f", io.BytesIO(b"x" * 100)))
assert ftp.pwd() == "/"
ftp.quit()
print("all good")
