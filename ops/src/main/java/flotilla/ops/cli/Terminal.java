package flotilla.ops.cli;

import java.io.Console;
import java.lang.reflect.InvocationTargetException;
import java.util.Optional;

/** Asks the person at the terminal. */
interface Terminal {
    /**
     * Asks for a line.
     *
     * @return the answer without white space around it; empty for none
     */
    String line(String question);

    /** Asks for a line that is not shown. */
    String secret(String question);

    /** Returns the terminal of this process; empty when it has none, as in a script. */
    @SuppressWarnings("SystemConsoleNull") // before Java 22 there is none without a terminal
    static Optional<Terminal> here() {
        Console console = System.console();
        return console == null || !isTerminal(console) ? Optional.empty() : Optional.of(new OfConsole(console));
    }

    /** Since Java 22 there is a console without a terminal, too, and a method that tells. */
    private static boolean isTerminal(Console console) {
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException older) {
            return true;
        } catch (IllegalAccessException | InvocationTargetException unknown) {
            return false;
        }
    }

    /** The console of the JVM. */
    record OfConsole(Console console) implements Terminal {
        @Override
        public String line(String question) {
            String line = console.readLine("%s ", question);
            if (line == null) {
                throw new IllegalStateException("the terminal was closed");
            }
            return line.strip();
        }

        @Override
        public String secret(String question) {
            char[] secret = console.readPassword("%s ", question);
            if (secret == null) {
                throw new IllegalStateException("the terminal was closed");
            }
            return new String(secret);
        }
    }
}
