package flotilla.ops.doctor;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;

/** Tries TCP connections. */
final class Dial {
    private Dial() {}

    /** Returns why a port cannot be reached, as a clause; empty when it answers. */
    static Optional<String> trouble(String host, int port, Duration timeout) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getByName(host), port), (int) timeout.toMillis());
            return Optional.empty();
        } catch (UnknownHostException e) {
            return Optional.of("there is no such name");
        } catch (SocketTimeoutException e) {
            return Optional.of("no answer within " + timeout.toSeconds() + " s");
        } catch (ConnectException e) {
            return Optional.of("the connection was refused");
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
