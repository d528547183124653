package flotilla.ops.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** Reads passwords from standard input. They never come from the command line, because other users can see that. */
final class Passwords {
    private static final int MAX = 1024;

    private Passwords() {}

    /** Returns the first line of standard input. */
    static String fromStandardInput() throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String line = in.readLine();
        if (line == null || line.isEmpty()) {
            throw new IllegalStateException("no password on standard input");
        }
        if (line.length() > MAX) {
            throw new IllegalStateException("the password is longer than " + MAX + " characters");
        }
        return line;
    }
}
