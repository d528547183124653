package flotilla.node.control;

import flotilla.node.protocol.LineScanner;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The client's bytes and lines that are not handled yet. On the channel's event loop. */
final class IncomingLines {
    private final Supplier<ControlSettings> settings;
    private final Channel channel;
    private final LineScanner scanner;
    private @Nullable ByteBuf held;
    private int pending;

    IncomingLines(Supplier<ControlSettings> settings, Channel channel) {
        this.settings = settings;
        this.channel = channel;
        this.scanner = new LineScanner(settings.get().lines().maxBytesBeforeLogin());
    }

    /** Takes ownership of bytes that came. */
    void add(ByteBuf bytes) {
        held = held == null ? bytes : Unpooled.wrappedBuffer(held, bytes);
    }

    /**
     * Cuts as many lines as may wait, and answers Telnet commands.
     *
     * @param to gets each line
     */
    void cut(Consumer<SocketEvent> to) {
        while (held != null && pending < settings.get().lines().maxQueued()) {
            ByteBuffer view = held.nioBuffer();
            Optional<LineScanner.Scanned> scanned = scanner.scan(view);
            held.skipBytes(view.position());
            answerTelnet();
            if (scanned.isEmpty() || !held.isReadable()) {
                drop();
            }
            scanned.ifPresent(line -> {
                pending++;
                to.accept(new SocketEvent.Line(line.line(), line.fault(), line.undoubled()));
            });
        }
    }

    private void answerTelnet() {
        byte[] answers = scanner.takeAnswers();
        if (answers.length > 0) {
            channel.writeAndFlush(Unpooled.wrappedBuffer(answers));
        }
    }

    /** Notes that a line is handled. */
    void consumed() {
        pending--;
    }

    /** Returns true while bytes wait to be cut. No more may be read then. */
    boolean isHeld() {
        return held != null;
    }

    /** Returns true when no whole line waits. */
    boolean isQuiet() {
        return pending == 0 && held == null;
    }

    /** Returns true when nothing is left, not even a part of a line. */
    boolean isEmpty() {
        return isQuiet() && !scanner.hasPartialLine();
    }

    void beforeLogin() {
        scanner.maxLine(settings.get().lines().maxBytesBeforeLogin());
    }

    void eightBit(boolean on) {
        scanner.eightBit(on);
    }

    void loggedIn() {
        scanner.maxLine(settings.get().lines().maxBytes());
    }

    /** Drops the bytes that are not cut. */
    void drop() {
        if (held != null) {
            held.release();
            held = null;
        }
    }
}
