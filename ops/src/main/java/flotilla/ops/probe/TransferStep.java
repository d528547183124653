package flotilla.ops.probe;

import flotilla.ops.report.Report;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;

/** Uploads a small file under a name that nobody has, downloads it, compares, and deletes it. */
final class TransferStep {
    private static final int BYTES = 8192;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Control control;
    private final DataConnection data;
    private final TlsClient tls;
    private final Report report;
    private final Dialer dialer;
    private final String name;
    private final byte[] content = new byte[BYTES];

    TransferStep(Control control, Passive passive, TlsClient tls, Dialer dialer, Report report) {
        this.control = control;
        this.data = new DataConnection(control, passive, dialer);
        this.tls = tls;
        this.dialer = dialer;
        this.report = report;
        byte[] unique = new byte[8];
        RANDOM.nextBytes(unique);
        RANDOM.nextBytes(content);
        name = "flotilla-probe-" + HexFormat.of().formatHex(unique) + ".tmp";
    }

    /** Reports the three steps. */
    void look() {
        try {
            control.command("TYPE I");
            DataConnection.Done sent = data.send("STOR " + name, content, tls);
            if (sent.reply().is(2)) {
                report.ok(
                        "upload",
                        BYTES + " bytes as " + name + ": " + sent.reply().shown());
                download();
            } else {
                report.fail(
                        "upload",
                        "The server answers " + sent.reply().shown(),
                        "The account may have no right to write, or its home has no room; see the server's log.");
            }
        } catch (IOException e) {
            report.fail("upload", Why.of(e, dialer.timeout()) + ".", "See the server's log.");
        }
        delete();
    }

    private void download() {
        try {
            DataConnection.Done got = data.receive("RETR " + name, tls);
            if (!got.reply().is(2)) {
                report.fail("download", "The server answers " + got.reply().shown(), "See the server's log.");
            } else if (Arrays.equals(got.bytes(), content)) {
                report.ok("download", "The same bytes came back.");
            } else {
                report.fail(
                        "download",
                        got.bytes().length + " bytes came back, and they are not those of the upload.",
                        "Something between changes files, or the storage is damaged.");
            }
        } catch (IOException e) {
            report.fail("download", Why.of(e, dialer.timeout()) + ".", "See the server's log.");
        }
    }

    /** Also after an upload that failed, because a part of it may be there. */
    private void delete() {
        boolean isUploaded = report.findings().stream()
                .anyMatch(finding ->
                        finding.what().equals("upload") && finding.text().contains(name));
        try {
            Reply reply = control.command("DELE " + name);
            if (reply.is(2)) {
                report.ok("delete", reply.shown());
            } else if (isUploaded) {
                report.fail("delete", "The server answers " + reply.shown(), "Delete the file " + name + " yourself.");
            }
        } catch (IOException e) {
            report.fail("delete", Why.of(e, dialer.timeout()) + ".", "Delete the file " + name + " yourself.");
        }
    }
}
