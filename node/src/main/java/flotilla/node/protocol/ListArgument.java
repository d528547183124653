package flotilla.node.protocol;

/**
 * The argument of LIST and NLST: flags that begin with {@code -}, then one path with all its spaces.
 *
 * @param hidden true to show names that begin with a dot
 * @param selfAndParent true to show {@code .} and {@code ..}, too
 * @param recursive true to list the directories below, too
 * @param path empty for the working directory
 */
public record ListArgument(
        boolean hidden,
        boolean selfAndParent,
        boolean byTime,
        boolean bySize,
        boolean reversed,
        boolean directoryItself,
        boolean recursive,
        String path) {
    private static final String KNOWN = "aAlLR1FtrShndgoC";

    /** Reads an argument. Unknown flags are ignored, because clients send all kinds. */
    public static ListArgument parse(String argument) {
        String rest = argument;
        StringBuilder flags = new StringBuilder();
        while (rest.startsWith("-")) {
            int space = rest.indexOf(' ');
            String token = space < 0 ? rest : rest.substring(0, space);
            if (!isFlags(token)) {
                break;
            }
            flags.append(token, 1, token.length());
            rest = space < 0 ? "" : rest.substring(space + 1);
        }
        String on = flags.toString();
        return new ListArgument(
                on.indexOf('a') >= 0 || on.indexOf('A') >= 0,
                on.indexOf('a') >= 0,
                on.indexOf('t') >= 0,
                on.indexOf('S') >= 0,
                on.indexOf('r') >= 0,
                on.indexOf('d') >= 0,
                on.indexOf('R') >= 0,
                rest);
    }

    /** Takes the whole argument as a path, also when it begins with a dash. */
    public static ListArgument literal(String path) {
        return new ListArgument(false, false, false, false, false, false, false, path);
    }

    /** The name of a directory that is listed itself, as {@code ls -d} shows it. */
    public String directoryName() {
        return path.isEmpty() ? "." : path;
    }

    /** Returns true when an entry of the directory is shown. */
    public boolean shows(String name) {
        return hidden || !name.startsWith(".");
    }

    private static boolean isFlags(String token) {
        if (token.length() < 2) {
            return false;
        }
        for (int i = 1; i < token.length(); i++) {
            char c = token.charAt(i);
            boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
            if (!letter && KNOWN.indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }
}
