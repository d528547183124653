package flotilla.ops.event;

/**
 * A pattern for a user or a path. {@code ?} stands for one character and {@code *} for any number of them, neither for a
 * slash; {@code **} stands for any text. The time to match is bounded by the product of both lengths.
 */
record Pattern(String text) {
    boolean matches(String subject) {
        boolean[] reached = new boolean[subject.length() + 1];
        reached[0] = true;
        int at = 0;
        while (at < text.length()) {
            boolean any = text.startsWith("**", at);
            boolean some = text.charAt(at) == '*';
            reached = some ? star(reached, subject, any) : one(reached, subject, text.charAt(at));
            at += any ? 2 : 1;
        }
        return reached[subject.length()];
    }

    private static boolean[] star(boolean[] reached, String subject, boolean any) {
        boolean[] next = reached.clone();
        for (int i = 0; i < subject.length(); i++) {
            next[i + 1] |= next[i] && (any || subject.charAt(i) != '/');
        }
        return next;
    }

    private static boolean[] one(boolean[] reached, String subject, char wanted) {
        boolean[] next = new boolean[reached.length];
        for (int i = 0; i < subject.length(); i++) {
            char is = subject.charAt(i);
            next[i + 1] = reached[i] && (wanted == '?' ? is != '/' : wanted == is);
        }
        return next;
    }
}
