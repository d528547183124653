package flotilla.node.protocol;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the bytes of a control connection into command lines and removes the Telnet layer (RFC 854; RFC 1123, section
 * 4.1.2.10). It holds one line of {@code maxLine} bytes at most. Not thread-safe.
 */
public final class LineScanner {
    private static final int IAC = 0xff;
    private static final int WILL = 0xfb;
    private static final int DO = 0xfd;
    private static final int SB = 0xfa;
    private static final int SE = 0xf0;
    private static final int DATA_MARK = 0xf2;
    private static final int INTERRUPT_PROCESS = 0xf4;
    private static final int MAX_REFUSALS = 32;
    private static final int MAX_SUBNEGOTIATION = 256;

    /**
     * A line of the client.
     *
     * @param line the bytes of the line, without its end
     * @param fault the fault of a line that cannot be a command
     * @param undoubled true when a single byte 255 was within the line: a Telnet command, or a letter of an older
     *     encoding that should have been doubled
     */
    public record Scanned(byte[] line, Optional<Request.Fault> fault, boolean undoubled) {}

    private enum Telnet {
        DATA,
        COMMAND,
        INTERRUPTED,
        OPTION,
        SUBNEGOTIATION,
        SUBNEGOTIATION_COMMAND
    }

    private final ByteArrayOutputStream line = new ByteArrayOutputStream(32);
    private final ByteArrayOutputStream answers = new ByteArrayOutputStream(0);
    private int maxLine;
    private Telnet telnet = Telnet.DATA;
    private int option;
    /**
     * The options that are answered already, WILL and DO apart. Made only when a client negotiates, and hardly one
     * does.
     */
    private @Nullable BitSet refused;

    private int skipped;
    private boolean sawCr;
    private boolean sawNul;
    private boolean tooLong;
    /** True when bytes beyond ASCII are letters of an older encoding: byte 255 may be one of them. */
    private boolean eightBit;

    private boolean undoubled;

    /**
     * Creates a scanner.
     *
     * @param maxLine longest line in bytes, line end included
     */
    public LineScanner(int maxLine) {
        this.maxLine = maxLine;
    }

    /**
     * Changes the length of the longest line, from the next byte on.
     *
     * @param bytes longest line in bytes, line end included
     */
    public void maxLine(int bytes) {
        maxLine = bytes;
    }

    /**
     * Says whether byte 255 may be a letter, from the next byte on. Within a line it begins no Telnet command then, so
     * that none swallows the end of the line; such commands stand before a line.
     */
    public void eightBit(boolean on) {
        eightBit = on;
    }

    /** Consumes bytes until a line is complete; empty when {@code input} ends before. */
    public Optional<Scanned> scan(ByteBuffer input) {
        while (input.hasRemaining()) {
            if (accept(input.get() & 0xff)) {
                return Optional.of(finishLine());
            }
        }
        return Optional.empty();
    }

    /** The Telnet refusals to send to the client; mostly empty. */
    public byte[] takeAnswers() {
        if (answers.size() == 0) {
            return new byte[0];
        }
        byte[] bytes = answers.toByteArray();
        answers.reset();
        return bytes;
    }

    /** Returns true when a part of a line waits for its end. */
    public boolean hasPartialLine() {
        return line.size() > 0 || tooLong || sawCr || telnet != Telnet.DATA && telnet != Telnet.INTERRUPTED;
    }

    private boolean accept(int b) {
        switch (telnet) {
            case DATA:
                if (b == IAC) {
                    telnet = Telnet.COMMAND;
                    return false;
                }
                return data(b);
            case COMMAND:
                return command(b);
            case INTERRUPTED:
                return interrupted(b);
            case OPTION:
                refuse(b);
                telnet = Telnet.DATA;
                return false;
            case SUBNEGOTIATION:
                skip(b == IAC ? Telnet.SUBNEGOTIATION_COMMAND : Telnet.SUBNEGOTIATION);
                return false;
            case SUBNEGOTIATION_COMMAND:
                skip(b == SE ? Telnet.DATA : Telnet.SUBNEGOTIATION);
                return false;
        }
        throw new AssertionError(telnet);
    }

    private void skip(Telnet next) {
        telnet = ++skipped > MAX_SUBNEGOTIATION ? Telnet.DATA : next;
    }

    private boolean command(int b) {
        telnet = Telnet.DATA;
        if (b == IAC) {
            return data(b);
        }
        boolean within = line.size() > 0;
        undoubled |= within;
        if (within && eightBit) {
            return data(b);
        }
        if (b == SB) {
            skipped = 0;
            telnet = Telnet.SUBNEGOTIATION;
            return false;
        }
        if (b >= WILL && b < IAC) {
            option = b;
            telnet = Telnet.OPTION;
            return false;
        }
        if (b == INTERRUPT_PROCESS) {
            telnet = Telnet.INTERRUPTED;
            return false;
        }
        // F0 to F9 (SE NOP DM BRK IP AO AYT EC EL GA) have no meaning here. Before any other byte, only the IAC is
        // dropped.
        return b < SE && data(b);
    }

    /**
     * Handles the byte after IAC IP. The IAC before a data mark is the urgent byte; some clients leave it out under
     * TLS, which has no urgent bytes.
     */
    private boolean interrupted(int b) {
        telnet = Telnet.DATA;
        return b != DATA_MARK && accept(b);
    }

    /** Refuses WILL and DO, once for each option: two sides that answer each other's answers would never end. */
    private void refuse(int code) {
        if (option != WILL && option != DO) {
            return;
        }
        BitSet known = refused == null ? new BitSet() : refused;
        refused = known;
        int question = (option == WILL ? 0 : 0x100) + code;
        if (!known.get(question) && known.cardinality() < MAX_REFUSALS) {
            known.set(question);
            answers.write(IAC);
            answers.write(option == WILL ? 0xfe : 0xfc);
            answers.write(code);
        }
    }

    /**
     * Takes one byte of a line. Returns true when it ends the line. CR NUL stands for a CR in a name (RFC 2640, section
     * 3.1).
     */
    private boolean data(int b) {
        if (b == '\n') {
            return true;
        }
        if (sawCr) {
            sawCr = false;
            store('\r');
            if (b == 0) {
                return false;
            }
        }
        if (b == '\r') {
            sawCr = true;
            return false;
        }
        sawNul |= b == 0;
        store(b);
        return false;
    }

    private void store(int b) {
        if (line.size() + 2 >= maxLine) {
            tooLong = true;
        } else {
            line.write(b);
        }
    }

    private Scanned finishLine() {
        Optional<Request.Fault> fault = tooLong
                ? Optional.of(Request.Fault.TOO_LONG)
                : sawNul ? Optional.of(Request.Fault.CONTROL_CHARACTER) : Optional.empty();
        Scanned scanned = new Scanned(line.toByteArray(), fault, undoubled);
        line.reset();
        sawCr = false;
        sawNul = false;
        undoubled = false;
        tooLong = false;
        return scanned;
    }
}
