package flotilla.ops.cli;

import flotilla.ops.account.AccountName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/** The questions of {@code flotilla init} at a terminal. Each has an answer that return gives. */
final class InitQuestions {
    /** Wrong answers to one question before the command gives up. */
    private static final int TRIES = 5;

    private static final String PORTS = "[0-9]{1,5}-[0-9]{1,5}";
    private static final int LAST_PORT = 65_535;

    private final Terminal terminal;

    InitQuestions(Terminal terminal) {
        this.terminal = terminal;
    }

    /**
     * The answers.
     *
     * @param passiveAddress empty for the address that clients dial
     * @param certificate empty to make one
     * @param user empty for none
     * @param password empty to make one
     */
    record Answers(
            String host,
            int explicitPort,
            int implicitPort,
            String passivePorts,
            Optional<String> passiveAddress,
            Optional<Path> certificate,
            Optional<String> user,
            Optional<String> password) {
        @Override
        public String toString() {
            return "Answers[" + host + "]";
        }
    }

    /** Asks. */
    Answers ask(String host, int explicitPort, int implicitPort, String passivePorts) {
        String name = answer("Name that clients dial", host, Function.identity());
        int explicit = port("Port with AUTH TLS, 0 for none", explicitPort);
        int implicit = port("Port with TLS from the first byte, 0 for none", implicitPort);
        String passive = answer("Ports for data connections", passivePorts, InitQuestions::ports);
        String address =
                answer("Address that clients see, if there is a NAT router or a balancer", "none", Function.identity());
        Optional<Path> certificate =
                answer("File with certificate and key, or new to make one", "new", InitQuestions::file);
        Optional<String> user = answer("Name of the first user", "none", InitQuestions::user);
        return new Answers(
                name,
                explicit,
                implicit,
                passive,
                Optional.of(address).filter(given -> !given.equals("none")),
                certificate,
                user,
                user.flatMap(any -> password()));
    }

    private Optional<String> password() {
        for (int attempt = 0; attempt < TRIES; attempt++) {
            String password = terminal.secret("Password (return makes one):");
            if (password.isEmpty()) {
                return Optional.empty();
            }
            if (terminal.secret("Once more:").equals(password)) {
                return Optional.of(password);
            }
        }
        throw new IllegalStateException("the passwords differ");
    }

    private int port(String question, int otherwise) {
        return answer(question, Integer.toString(otherwise), InitQuestions::port);
    }

    private static int port(String text) {
        int port = text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : LAST_PORT + 1;
        if (port > LAST_PORT) {
            throw new IllegalArgumentException("a port is a number from 0 to " + LAST_PORT);
        }
        return port;
    }

    private static String ports(String text) {
        if (!text.matches(PORTS)) {
            throw new IllegalArgumentException("ports are given like 21000-21049");
        }
        return text;
    }

    private static Optional<Path> file(String text) {
        Path file = Path.of(text).toAbsolutePath();
        if (!text.equals("new") && !Files.isReadable(file)) {
            throw new IllegalArgumentException(file + " cannot be read");
        }
        return text.equals("new") ? Optional.empty() : Optional.of(file);
    }

    private static Optional<String> user(String text) {
        if (text.equals("none")) {
            return Optional.empty();
        }
        AccountName.check(text);
        return Optional.of(text);
    }

    /** @param read throws a runtime exception whose message says what is wrong */
    private <T> T answer(String question, String otherwise, Function<String, T> read) {
        String wrong = "";
        for (int attempt = 0; attempt < TRIES; attempt++) {
            String given = terminal.line((wrong.isEmpty() ? "" : wrong + ".\n") + question + " [" + otherwise + "]:");
            try {
                return read.apply(given.isEmpty() ? otherwise : given);
            } catch (RuntimeException problem) {
                wrong = String.valueOf(problem.getMessage());
            }
        }
        throw new IllegalStateException(wrong);
    }
}
