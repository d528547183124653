package flotilla.node.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * A command line taken apart (RFC 959, section 5.3): the verb in upper case and everything after exactly one space.
 *
 * @param verb upper case ASCII
 * @param argument verbatim, or null when there was nothing after the verb
 */
public record Request(String verb, Optional<String> argument) {
    private static final int MAX_VERB = 16;

    /** Why a line is not a request. */
    public enum Fault {
        /** Not a verb of letters. */
        SYNTAX(Reply.of(500, "Syntax error.")),
        NOT_UTF8(Reply.of(501, "Invalid UTF-8.")),
        CONTROL_CHARACTER(Reply.of(501, "Control character in command.")),
        TOO_LONG(Reply.of(500, "Command line too long."));

        private final Reply reply;

        Fault(Reply reply) {
            this.reply = reply;
        }

        public Reply reply() {
            return reply;
        }
    }

    /** Either a request or the fault of its line. */
    public record Parsed(Optional<Request> request, Optional<Fault> fault) {
        static Parsed of(Request request) {
            return new Parsed(Optional.of(request), Optional.empty());
        }

        public static Parsed of(Fault fault) {
            return new Parsed(Optional.empty(), Optional.of(fault));
        }
    }

    public static Request of(String verb, String argument) {
        return new Request(verb, Optional.of(argument));
    }

    public static Request of(String verb) {
        return new Request(verb, Optional.empty());
    }

    /** Parses one line without its line end. Leading spaces are tolerated; an empty line is a syntax fault. */
    public static Parsed parse(byte[] line) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(line))
                    .toString();
        } catch (CharacterCodingException e) {
            return Parsed.of(Fault.NOT_UTF8);
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

    /** The argument, or the empty string. */
    public String text() {
        return argument.orElse("");
    }

    /** Without the argument, which may be a password. */
    @Override
    public String toString() {
        return "Request[" + verb + "]";
    }
}
