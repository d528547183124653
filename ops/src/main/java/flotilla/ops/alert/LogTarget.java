package flotilla.ops.alert;

import flotilla.cluster.AlertBoard.Alert;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes a warning to the log of the server. */
final class LogTarget implements Target {
    static final String NAME = "log";

    private static final Logger LOG = LoggerFactory.getLogger("flotilla.alert");

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void tell(Notice notice) {
        LOG.warn("{}", line(notice));
    }

    static String line(Notice notice) {
        Alert alert = notice.alert();
        return String.format(
                Locale.ROOT,
                "alert %s=%s level=%d value=%.0f id=%s: %s",
                notice.state(),
                alert.rule(),
                alert.level(),
                alert.value(),
                alert.id(),
                alert.text().replaceAll("\\p{Cntrl}", "?"));
    }
}
