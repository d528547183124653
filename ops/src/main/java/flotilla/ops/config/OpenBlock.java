package flotilla.ops.config;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the block of a configuration file that is never closed. The parser reports only that the file ends too early.
 */
final class OpenBlock {
    /** Matches text in which brackets mean nothing, then brackets, then line ends. */
    private static final Pattern TOKENS =
            Pattern.compile("\"\"\"(?s:.*?)\"\"\"+|\"(?:\\\\.|[^\"\\\\\n])*\"|(?:#|//)[^\n]*|[{}\\[\\]]|\n");

    private OpenBlock() {}

    /** Returns the line, counted from 1, of the last bracket that is never closed. */
    static OptionalInt line(String text) {
        Deque<Integer> open = new ArrayDeque<>();
        int line = 1;
        for (Matcher token = TOKENS.matcher(text); token.find(); ) {
            String found = token.group();
            if (found.equals("{") || found.equals("[")) {
                open.push(line);
            } else if ((found.equals("}") || found.equals("]")) && !open.isEmpty()) {
                open.pop();
            }
            line += (int) found.chars().filter(character -> character == '\n').count();
        }
        return open.isEmpty() ? OptionalInt.empty() : OptionalInt.of(open.peek());
    }
}
