package flotilla.ops.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;

/** Finds free ports below the ephemeral range, so that no outgoing connection takes them before the server does. */
public final class Ports {
    private static final int FIRST = 15_000;
    private static final int LAST = 32_000;
    private static final SecureRandom RANDOM = new SecureRandom();

    private Ports() {}

    /** The first of {@code count} free ports in a row. */
    public static int free(int count) {
        for (int attempt = 0; attempt < 200; attempt++) {
            int first = FIRST + RANDOM.nextInt(LAST - FIRST - count);
            if (areFree(first, count)) {
                return first;
            }
        }
        throw new IllegalStateException("no " + count + " free ports in a row");
    }

    private static boolean areFree(int first, int count) {
        for (int port = first; port < first + count; port++) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            } catch (IOException taken) {
                return false;
            }
        }
        return true;
    }
}
