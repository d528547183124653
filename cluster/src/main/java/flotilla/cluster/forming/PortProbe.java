package flotilla.cluster.forming;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;

/** The answer of a TCP port to a connection. */
public enum PortProbe {
    /** A process listens, or hangs. */
    ACCEPTS,
    /** The host is up and no process listens: the process has ended. */
    REFUSES,
    /** There is no answer: the host or the network is lost. */
    NO_ANSWER;

    private static final int CONNECT_MILLIS = 500;

    /** Connects to a port. Blocks for {@value #CONNECT_MILLIS} ms at most. */
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
