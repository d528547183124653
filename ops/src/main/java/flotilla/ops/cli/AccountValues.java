package flotilla.ops.cli;

import flotilla.cluster.Leniency;
import flotilla.cluster.PathRule;
import flotilla.cluster.Permission;
import flotilla.cluster.Umask;
import flotilla.cluster.User.TlsRequirement;
import flotilla.node.protocol.Encoding;
import flotilla.node.protocol.Network;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the option values of accounts. A wrong value is an {@link IllegalStateException}, and its message states the
 * expected form.
 */
final class AccountValues {
    private AccountValues() {}

    /** Reads {@code /PATH=PERMISSIONS}. */
    static PathRule rule(String text) {
        int equals = text.lastIndexOf('=');
        if (equals < 1 || !text.startsWith("/")) {
            throw new IllegalStateException("--allow needs /PATH=PERMISSIONS, such as /in=write,list, not " + text);
        }
        String prefix = text.charAt(equals - 1) == '/' && equals > 1
                ? text.substring(0, equals - 1)
                : text.substring(0, equals);
        EnumSet<Permission> permissions = EnumSet.noneOf(Permission.class);
        for (String item : text.substring(equals + 1).split(",")) {
            String name = item.trim().toLowerCase(Locale.ROOT);
            switch (name) {
                case "all" -> permissions.addAll(EnumSet.allOf(Permission.class));
                case "none", "" -> {}
                default ->
                    permissions.add(constant(Permission.class, name)
                            .orElseThrow(() -> new IllegalStateException("--allow " + text + ": there is no permission "
                                    + name + "; there are " + names(Permission.class) + ", all and none")));
            }
        }
        return new PathRule(prefix, permissions);
    }

    /** Reads CIDR blocks. {@code any} gives none. */
    static List<String> networks(List<String> networks) {
        if (networks.equals(List.of("any"))) {
            return List.of();
        }
        for (String network : networks) {
            try {
                Network.parse(network);
            } catch (IllegalArgumentException e) {
                throw new IllegalStateException(
                        "--network needs a network such as 192.0.2.0/24 or 2001:db8::/32, or \"any\", not " + network,
                        e);
            }
        }
        return networks;
    }

    /**
     * Reads a size in bytes.
     *
     * @param option name for messages
     * @param otherwise result when {@code text} is null
     */
    static long size(String option, @Nullable String text, long otherwise) {
        if (text == null) {
            return otherwise;
        }
        if (!text.matches("[0-9]{1,15}[kKmMgGtT]?")) {
            throw new IllegalStateException(
                    option + " needs a number of bytes such as 4096, 500k, 10M, 2G or 1T, not " + text);
        }
        int unit = "kmgt".indexOf(Character.toLowerCase(text.charAt(text.length() - 1)));
        String digits = unit < 0 ? text : text.substring(0, text.length() - 1);
        long number = Long.parseLong(digits);
        long bytes = unit < 0 ? 1 : 1L << 10 * (unit + 1);
        if (number > Long.MAX_VALUE / bytes) {
            throw new IllegalStateException(option + " " + text + " is more than can be counted; 0 is no limit");
        }
        return number * bytes;
    }

    static long count(String option, long number) {
        if (number < 0) {
            throw new IllegalStateException(option + " needs a number of at least 0, not " + number);
        }
        return number;
    }

    /** Reads the end of an account; null for never. */
    static @Nullable Instant expiry(String text) {
        if (text.equals("never")) {
            return null;
        }
        try {
            return text.length() == 10
                    ? LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC)
                    : Instant.parse(text);
        } catch (DateTimeException e) {
            throw new IllegalStateException(
                    "--expires needs a day such as 2027-01-31, a time such as 2027-01-31T18:00:00Z, or never; not "
                            + text,
                    e);
        }
    }

    /**
     * Returns the leniencies of an account after one option.
     *
     * @param text yes, no or default; null without the option
     * @param said the leniencies before
     */
    static List<String> leniency(Leniency what, @Nullable String text, List<String> said) {
        if (text == null) {
            return said;
        }
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "yes" -> what.saying(Optional.of(true), said);
            case "no" -> what.saying(Optional.of(false), said);
            case "default" -> what.saying(Optional.empty(), said);
            default -> throw new IllegalStateException("--" + what.key() + " needs yes, no or default, not " + text);
        };
    }

    /** Reads an octal umask. {@code default} gives none. */
    static String umask(String text) {
        if (text.equals("default")) {
            return "";
        }
        return Umask.text(Umask.parse(text)
                .orElseThrow(() -> new IllegalStateException(
                        "--umask needs an octal number from 000 to 777, such as 022, or default, not " + text)));
    }

    /** Reads the name of an encoding and returns its IANA name. {@code default} gives none. */
    static String encoding(String text) {
        if (text.equals("default")) {
            return "";
        }
        return Encoding.named(text)
                .map(Encoding::name)
                .orElseThrow(() -> new IllegalStateException("--encoding needs the name of a superset of ASCII, such as"
                        + " ISO-8859-1, windows-1252 or Shift_JIS, or default, not " + text));
    }

    static TlsRequirement tls(String text) {
        return constant(TlsRequirement.class, text)
                .orElseThrow(() -> new IllegalStateException(
                        "--tls needs one of " + names(TlsRequirement.class) + ", not " + text));
    }

    /** Finds a constant by name, in any case and with hyphens or underscores. */
    static <E extends Enum<E>> Optional<E> constant(Class<E> type, String text) {
        String wanted = text.replace('_', '-');
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> name(constant).equalsIgnoreCase(wanted))
                .findFirst();
    }

    static <E extends Enum<E>> String names(Class<E> type) {
        return Arrays.stream(type.getEnumConstants()).map(AccountValues::name).collect(Collectors.joining(", "));
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
