package flotilla.ops.e2e;

import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Creates the archive of servers' classes before the first test, which would otherwise take that time. Runs of many
 * tests ask for it.
 */
public final class ArchiveFirst implements LauncherSessionListener {
    /** Called by the service loader. */
    public ArchiveFirst() {}

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        if (ServerClasses.ARCHIVED) {
            ServerProcess.prepare();
        }
    }
}
