package flotilla.node.scan;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;

/** A scanner on loopback whose every connection one talk serves. */
final class FakeScanner implements AutoCloseable {
    /** Serves a connection, which is closed afterwards. */
    interface Talk {
        void serve(DataInputStream in, OutputStream out) throws IOException;
    }

    private final ServerSocket listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    private final Thread thread;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    /** The files and heads that the talks have received. */
    final BlockingQueue<byte[]> received = new LinkedBlockingQueue<>();

    FakeScanner(Talk talk) throws IOException {
        thread = new Thread(() -> accept(talk), "fake-scanner");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept(Talk talk) {
        while (!listener.isClosed()) {
            try (Socket socket = listener.accept()) {
                sockets.add(socket);
                talk.serve(
                        new DataInputStream(new BufferedInputStream(socket.getInputStream())),
                        socket.getOutputStream());
            } catch (IOException over) {
                // The client or the test has closed.
            }
        }
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Takes the chunks of INSTREAM up to the empty one. */
    byte[] instream(DataInputStream in) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.write(in.readNBytes("zINSTREAM\0".length()));
        for (int length = in.readInt(); length != 0; length = in.readInt()) {
            file.write(in.readNBytes(length));
        }
        received.add(file.toByteArray());
        return file.toByteArray();
    }

    /** Takes a head up to its empty line. */
    static String head(DataInputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            head.append((char) in.readUnsignedByte());
        }
        return head.toString();
    }

    /** Takes the chunks of HTTP up to the empty one, and adds them to {@code file}. Returns true for ieof. */
    static boolean chunks(DataInputStream in, ByteArrayOutputStream file) throws IOException {
        while (true) {
            StringBuilder line = new StringBuilder();
            while (!line.toString().endsWith("\r\n")) {
                line.append((char) in.readUnsignedByte());
            }
            String text = line.toString().strip();
            int length = Integer.parseInt(text.split(";")[0], 16);
            file.write(in.readNBytes(length));
            in.readNBytes(2);
            if (length == 0) {
                return text.contains("ieof");
            }
        }
    }

    static void say(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
        try {
            thread.join(); // until then the port may still accept
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
