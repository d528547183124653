package flotilla.ops.probe;

import flotilla.ops.report.Report;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tries the versions of TLS one by one, each on a connection of its own. */
final class VersionStep {
    private static final int MAX_ANSWER = 32_768;
    private static final int ALERT = 21;
    private static final String STEP = "TLS versions";

    private final ProbeSettings settings;
    private final Entrance entrance;
    private final Report report;

    /** A version of TLS, by its number on the wire. */
    private enum Version {
        TLS_1_0(0x0301, "TLSv1"),
        TLS_1_1(0x0302, "TLSv1.1"),
        TLS_1_2(0x0303, "TLSv1.2"),
        TLS_1_3(0x0304, "TLSv1.3");

        private final int number;
        private final String jdkName;

        Version(int number, String jdkName) {
            this.number = number;
            this.jdkName = jdkName;
        }
    }

    VersionStep(ProbeSettings settings, Entrance entrance, Report report) {
        this.settings = settings;
        this.entrance = entrance;
        this.report = report;
    }

    /**
     * Reports what the server offers.
     *
     * @return the names of those that it offers, in the JDK's words
     */
    List<String> look(InetAddress address) {
        List<String> offered = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        for (Version version : Version.values()) {
            try {
                (isOffered(address, version) ? offered : refused).add(version.jdkName);
            } catch (IOException e) {
                report.warn(
                        STEP,
                        version.jdkName + " could not be tried: " + Why.of(e, settings.timeout()) + ".",
                        "The server may limit connections of one address.");
            }
        }
        String text = "Offered: " + list(offered) + ". Refused: " + list(refused) + ".";
        if (offered.contains("TLSv1") || offered.contains("TLSv1.1")) {
            report.warn(STEP, text, "TLS 1.0 and 1.1 are not safe (RFC 8996): turn them off.");
        } else if (refused.contains("TLSv1.3")) {
            report.warn(STEP, text, "TLS 1.3 is missing: turn it on, it is faster and safer.");
        } else if (refused.contains("TLSv1.2")) {
            report.warn(STEP, text, "Older clients know no TLS 1.3.");
        } else if (!offered.isEmpty()) {
            report.ok(STEP, text);
        }
        return offered;
    }

    private static String list(List<String> versions) {
        return versions.isEmpty() ? "none" : String.join(", ", versions);
    }

    /** Returns whether the server picks the version. A closed connection is a refusal, as an alert is. */
    private boolean isOffered(InetAddress address, Version version) throws IOException {
        try (Control control = entrance.open(address)) {
            return Watch.within(settings.timeout(), control.tcp(), () -> {
                        control.tcp().getOutputStream().write(ClientHello.of(version.number, settings.host()));
                        return answer(control);
                    })
                    .map(hello -> hello.version() == version.number)
                    .orElse(false);
        }
    }

    private static Optional<ServerHello> answer(Control control) throws IOException {
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        byte[] buffer = new byte[4096];
        while (received.size() < MAX_ANSWER) {
            int got = control.tcp().getInputStream().read(buffer);
            if (got < 0) {
                return Optional.empty();
            }
            received.write(buffer, 0, got);
            Optional<ServerHello> hello = ServerHello.read(received.toByteArray());
            if (hello.isPresent() || received.toByteArray()[0] == ALERT) {
                return hello;
            }
        }
        return Optional.empty();
    }
}
