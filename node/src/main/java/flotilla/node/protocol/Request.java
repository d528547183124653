package flotilla.node.protocol;

import java.nio.charset.CharacterCodingException;
import java.util.Locale;
import java.util.Optional;

/**
 * A command line (RFC 959, section 5.3): the verb, and all that follows exactly one space.
 *
 * @param verb in upper-case ASCII
 * @param argument verbatim; empty when nothing follows the verb
 */
public record Request(String verb, Optional<String> argument) {
    private static final int MAX_VERB = 16;

    /** The fault of a line that is no request. */
    public enum Fault {
        /** The line does not begin with a verb. */
        SYNTAX(Reply.of(500, "Syntax error.")),
        NOT_UTF8(Reply.of(501, "Invalid UTF-8.")),
        /** The line is no text of the encoding that the account has. */
        NOT_ENCODED(Reply.of(501, "Invalid in the encoding of this account.")),
        /** A byte 255 within a line that is not doubled (RFC 854). It may be a letter that the client did not double. */
        NOT_DOUBLED(Reply.of(501, "Byte 255 must be sent twice.")),
        CONTROL_CHARACTER(Reply.of(501, "Control character in command.")),
        TOO_LONG(Reply.of(500, "Command line too long."));

        private final Reply reply;

        Fault(Reply reply) {
            this.reply = reply;
        }

        /** The reply to a line with this fault. */
        public Reply reply() {
            return reply;
        }
    }

    /** The request of a line, or its fault. */
    public record Parsed(Optional<Request> request, Optional<Fault> fault) {
        static Parsed of(Request request) {
            return new Parsed(Optional.of(request), Optional.empty());
        }

        /** The result for a line with a fault. */
        public static Parsed of(Fault fault) {
            return new Parsed(Optional.empty(), Optional.of(fault));
        }
    }

    /** A request with an argument. */
    public static Request of(String verb, String argument) {
        return new Request(verb, Optional.of(argument));
    }

    /** A request without an argument. */
    public static Request of(String verb) {
        return new Request(verb, Optional.empty());
    }

    /** Parses one line without its line end. Leading spaces are allowed; an empty line has the fault {@code SYNTAX}. */
    public static Parsed parse(byte[] line) {
        return parse(line, Encoding.UTF_8);
    }

    /** The same in another encoding. */
    public static Parsed parse(byte[] line, Encoding encoding) {
        String text;
        try {
            text = encoding.decode(line);
        } catch (CharacterCodingException e) {
            return Parsed.of(encoding.isUtf8() ? Fault.NOT_UTF8 : Fault.NOT_ENCODED);
        }
        int start = 0;
        while (start < text.length() && text.charAt(start) == ' ') {
            start++;
        }
        int space = text.indexOf(' ', start);
        String verb = text.substring(start, space < 0 ? text.length() : space);
        if (!isVerb(verb)) {
            return Parsed.of(Fault.SYNTAX);
        }
        if (Names.hasControl(text)) {
            return Parsed.of(Fault.CONTROL_CHARACTER);
        }
        Optional<String> argument = space < 0 ? Optional.empty() : Optional.of(text.substring(space + 1));
        return Parsed.of(new Request(verb.toUpperCase(Locale.ROOT), argument));
    }

    private static boolean isVerb(String verb) {
        if (verb.isEmpty() || verb.length() > MAX_VERB) {
            return false;
        }
        for (int i = 0; i < verb.length(); i++) {
            char c = verb.charAt(i);
            boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
            if (!letter && !(i > 0 && (c >= '0' && c <= '9' || c == '-' || c == ':'))) {
                return false;
            }
        }
        return true;
    }

    /** The argument; empty when there is none. */
    public String text() {
        return argument.orElse("");
    }

    /** Hides the argument, which may be a password. */
    @Override
    public String toString() {
        return "Request[" + verb + "]";
    }
}
