"""Reads, renames and removes names that came from a shell: every name that a listing shows works."""

import ftplib
import ssl
import sys

port, user, password, authority = sys.argv[1:]
ftp = ftplib.FTP_TLS(context=ssl.create_default_context(cafile=authority), timeout=30)
ftp.context.check_hostname = False
ftp.connect("127.0.0.1", int(port))
ftp.login(user, password)
ftp.prot_p()
ftp.cwd("d%xE9")

facts = dict(ftp.mlsd())
shown = sorted(facts)
assert sorted(ftp.nlst()) == shown, (ftp.nlst(), shown)
lines = []
ftp.retrlines("LIST", lines.append)
assert sorted(line[-len(name):] for line, name in zip(lines, shown)) == shown, lines
files = [name for name in shown if facts[name]["type"] == "file"]
assert files == ["%x25xFF", "M%xFCller.txt", "a%x0D%x0Ab"], files
for name in files:
    content = bytearray()
    ftp.retrbinary("RETR " + name, content.extend)
    assert ftp.size(name) == len(content) > 0
    assert name in ftp.sendcmd("MLST " + name)
    ftp.rename(name, "plain")
    ftp.rename("plain", "other")
    ftp.delete("other")
for name in shown:
    if name not in files:
        ftp.delete(name)
ftp.cwd("..")
ftp.rmd("d%xE9")
print("all good")
