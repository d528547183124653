package flotilla.cluster.forming;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;

/** What a TCP port says to somebody who knocks. */
public enum PortProbe {
    /** A process listens, or has hung. */
    ACCEPTS,
    /** The host is up, and nobody listens: the process has ended. */
    REFUSES,
    /** Nothing: the host or the network is lost. */
    NO_ANSWER;

    private static final int CONNECT_MILLIS = 500;

    /** Blocks for half a second at most. */
    public static PortProbe of(String host, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
            return ACCEPTS;
        } catch (ConnectException e) {
            return String.valueOf(e.getMessage()).contains("refused") ? REFUSES : NO_ANSWER;
        } catch (IOException e) {
            return NO_ANSWER;
        }
    }
}
