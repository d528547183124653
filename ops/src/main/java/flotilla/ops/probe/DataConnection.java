package flotilla.ops.probe;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;

/** Transfers over protected data connections. */
final class DataConnection {
    private static final int MAX_BYTES = 1 << 20;
    /** A server that waits for the end of TCP gets it after this time. */
    private static final int LAST_MILLIS = 2000;

    private final Control control;
    private final Passive passive;
    private final Dialer dialer;

    /**
     * The end of a transfer.
     *
     * @param bytes what was received, at most 1 MiB
     * @param isResumed whether the TLS session was resumed
     * @param reply the last reply
     */
    record Done(byte[] bytes, boolean isResumed, Reply reply) {}

    /** Work on an open data connection. */
    @FunctionalInterface
    private interface Work {
        byte[] run(Socket socket) throws IOException;
    }

    DataConnection(Control control, Passive passive, Dialer dialer) {
        this.control = control;
        this.passive = passive;
        this.dialer = dialer;
    }

    /** Sends bytes with STOR. */
    Done send(String command, byte[] bytes, TlsClient tls) throws IOException {
        return transfer(command, tls, socket -> {
            socket.getOutputStream().write(bytes);
            socket.shutdownOutput();
            drain(socket);
            return bytes;
        });
    }

    /**
     * Reads to the end. The JDK uses a session of TLS 1.3 once, and the server's next ticket comes on this connection.
     */
    private static void drain(Socket socket) {
        try {
            socket.setSoTimeout(LAST_MILLIS);
            while (socket.getInputStream().read() >= 0) {
                // a server sends nothing here but tickets
            }
        } catch (IOException ended) {
            // some servers end a connection without a close of TLS
        }
    }

    /** Receives with RETR or a listing. */
    Done receive(String command, TlsClient tls) throws IOException {
        return transfer(command, tls, socket -> {
            ByteArrayOutputStream received = new ByteArrayOutputStream();
            byte[] buffer = new byte[16_384];
            InputStream in = socket.getInputStream();
            for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
                received.write(buffer, 0, got);
                if (received.size() > MAX_BYTES) {
                    throw new IOException("more than 1 MiB came");
                }
            }
            return received.toByteArray();
        });
    }

    /** A server may refuse before the handshake, in it or after it; the reply says why, so it comes first. */
    private Done transfer(String command, TlsClient tls, Work work) throws IOException {
        InetSocketAddress told = passive.ask(control);
        Socket tcp = dialer.dial(new InetSocketAddress(control.peer(), told.getPort()));
        try {
            Reply first = control.command(command);
            if (!first.is(1)) {
                return new Done(new byte[0], false, first);
            }
            return finish(tcp, tls, work);
        } finally {
            Watch.close(tcp);
        }
    }

    private Done finish(Socket tcp, TlsClient tls, Work work) throws IOException {
        boolean[] isResumed = new boolean[1];
        try {
            byte[] bytes = Watch.within(dialer.timeout(), tcp, () -> {
                TlsClient.Secured secured = tls.handshake(tcp, control.port());
                isResumed[0] = secured.isResumed();
                byte[] moved = work.run(secured.socket());
                secured.socket().close();
                return moved;
            });
            return new Done(bytes, isResumed[0], control.reply());
        } catch (IOException e) {
            Watch.close(tcp);
            Reply reply = control.reply();
            if (reply.is(2)) {
                throw e;
            }
            return new Done(new byte[0], isResumed[0], reply);
        }
    }
}
