package flotilla.node.scan;

/** What a scanner said of a file. */
public sealed interface Verdict {
    /** Nothing was found. */
    record Clean() implements Verdict {}

    /**
     * Something was found.
     *
     * @param name name of the signature: 1 to 100 characters of printable ASCII
     */
    record Infected(String name) implements Verdict {
        private static final int MOST = 100;

        public Infected {
            name = printable(name, MOST);
        }
    }

    /**
     * There is no verdict.
     *
     * @param why the reason in a few words, for logs; at most 200 characters of printable ASCII
     */
    record Failed(Failure kind, String why) implements Verdict {
        private static final int MOST = 200;

        public Failed {
            why = printable(why, MOST);
        }
    }

    /** The kinds of failures. */
    enum Failure {
        /** The scanner could not be reached, or the connection broke. */
        AWAY,
        /** The scan, or the wait for its turn, took too long. */
        TIMEOUT,
        /** The file is larger than what is scanned. */
        TOO_LARGE,
        /** The scanner said that it failed, or said something else than its protocol allows. */
        REFUSED,
        /** The store could not read the upload back. */
        UNREADABLE
    }

    /** A text of others as one short line: what is not printable ASCII becomes a question mark. */
    private static String printable(String text, int most) {
        String line = text.strip();
        String clean = line.substring(0, Math.min(most, line.length())).replaceAll("[^ -~]", "?");
        return clean.isEmpty() ? "unnamed" : clean;
    }
}
