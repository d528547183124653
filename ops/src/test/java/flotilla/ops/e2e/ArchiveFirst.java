package flotilla.ops.e2e;

import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Makes the archive of servers' classes before the first test, whose time it would take: for runs of many tests, which
 * say so.
 */
public final class ArchiveFirst implements LauncherSessionListener {
    /** Made by the service loader. */
    public ArchiveFirst() {}

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        if (ServerClasses.ARCHIVED) {
            ServerProcess.prepare();
        }
    }
}
