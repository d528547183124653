package flotilla.node.scan;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file that a service sends back in an answer 200: a service may do so for a file that it has not changed (RFC 3507,
 * section 4.5), and some do although they could answer 204. It takes the encapsulated head of HTTP and the chunks of
 * its body as they come, and keeps the digest of the body alone.
 */
final class IcapEcho {
    private static final int MOST_HEAD = 64 * 1024;
    private static final int MOST_LINE = 1024;
    private static final Pattern BODY =
            Pattern.compile("(?i)(?:.*[,\\s])?(res-body|req-body|null-body)=([0-9]{1,6})\\s*");
    private static final Pattern LENGTH = Pattern.compile("([0-9A-Fa-f]{1,8})\\s*(?:;.*)?");

    private final MessageDigest digest = Digests.sha256();
    private final StringBuilder line = new StringBuilder();
    private final StringBuilder head = new StringBuilder();
    private final State afterHead;
    private long headLeft;
    private State state;
    private long chunkLeft;

    /** What comes next. */
    private enum State {
        HEAD,
        LENGTH,
        CHUNK,
        /** The end of line behind a chunk. */
        CHUNK_END,
        TRAILER,
        DONE
    }

    /**
     * Begins behind the head of an answer.
     *
     * @throws ProtocolProblem when the head does not say where its body begins
     */
    IcapEcho(IcapHead answer) throws ProtocolProblem {
        Matcher matcher = BODY.matcher(answer.field("Encapsulated"));
        if (!matcher.matches() || Integer.parseInt(matcher.group(2)) > MOST_HEAD) {
            throw new ProtocolProblem("the answer does not say where its body begins");
        }
        headLeft = Integer.parseInt(matcher.group(2));
        boolean hasBody = !matcher.group(1).equalsIgnoreCase("null-body");
        afterHead = hasBody ? State.LENGTH : State.DONE;
        state = headLeft > 0 ? State.HEAD : afterHead;
    }

    /**
     * Takes the next bytes.
     *
     * @throws ProtocolProblem when they are no chunks
     */
    void take(ByteBuffer bytes) throws ProtocolProblem {
        while (bytes.hasRemaining() && state != State.DONE) {
            if (state == State.CHUNK) {
                chunk(bytes);
            } else if (state == State.HEAD) {
                head.append((char) (bytes.get() & 0xFF));
                headLeft--;
                state = headLeft == 0 ? afterHead : State.HEAD;
            } else {
                line((char) (bytes.get() & 0xFF));
            }
        }
    }

    private void chunk(ByteBuffer bytes) {
        int count = (int) Math.min(chunkLeft, bytes.remaining());
        digest.update(bytes.slice(bytes.position(), count));
        bytes.position(bytes.position() + count);
        chunkLeft -= count;
        state = chunkLeft == 0 ? State.CHUNK_END : State.CHUNK;
    }

    private void line(char next) throws ProtocolProblem {
        if (next != '\n') {
            if (line.length() == MOST_LINE) {
                throw new ProtocolProblem("a line of the answer is too long");
            }
            line.append(next);
            return;
        }
        String text = line.toString().strip();
        line.setLength(0);
        switch (state) {
            case LENGTH -> length(text);
            case CHUNK_END -> {
                if (!text.isEmpty()) {
                    throw new ProtocolProblem("a chunk of the answer is longer than its length");
                }
                state = State.LENGTH;
            }
            default -> state = text.isEmpty() ? State.DONE : State.TRAILER;
        }
    }

    private void length(String text) throws ProtocolProblem {
        Matcher matcher = LENGTH.matcher(text);
        if (!matcher.matches()) {
            throw new ProtocolProblem("a chunk of the answer has no length");
        }
        chunkLeft = Long.parseLong(matcher.group(1), 16);
        state = chunkLeft == 0 ? State.TRAILER : State.CHUNK;
    }

    /** Returns whether all of the file has come. */
    boolean isDone() {
        return state == State.DONE;
    }

    /**
     * Returns whether this is the message that was sent, with the same body.
     *
     * @param start the beginning of its head that shows that the service passes it
     * @param sent digest of the body that was sent
     */
    boolean isSame(Pattern start, byte[] sent) {
        return isDone() && start.matcher(head).lookingAt() && MessageDigest.isEqual(digest.digest(), sent);
    }
}
