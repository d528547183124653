package flotilla.ops.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;

/**
 * Finds free ports below the ephemeral range, so that no outgoing connection takes them before the server does. It
 * returns no port twice before all have been returned: a server that is about to start has not bound its ports yet.
 */
public final class Ports {
    /** Each JVM that runs tests at the same time has a range of its own (Surefire numbers them). */
    private static final int JVMS = 8;

    private static final int RANGE = (32_000 - 15_000) / JVMS;
    private static final int FIRST = 15_000 + (Integer.getInteger("flotilla.test.fork", 1) - 1) % JVMS * RANGE;
    private static final int LAST = FIRST + RANGE;

    private static int next = FIRST + new SecureRandom().nextInt(LAST - FIRST);

    private Ports() {}

    /** Returns the first of {@code count} free ports in a row. */
    public static synchronized int free(int count) {
        int run = 0;
        for (int tried = 0; tried < LAST - FIRST && run < count; tried++) {
            if (next >= LAST) {
                next = FIRST;
                run = 0;
            }
            run = isFree(next) ? run + 1 : 0;
            next++;
        }
        if (run < count) {
            throw new IllegalStateException("no " + count + " free ports in a row");
        }
        return next - count;
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
