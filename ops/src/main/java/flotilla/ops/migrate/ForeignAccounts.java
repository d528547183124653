package flotilla.ops.migrate;

import flotilla.cluster.User;
import flotilla.ops.account.AccountFormat;
import flotilla.ops.account.AccountName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The accounts of another system: lines of {@code name:hash:…}, as in {@code shadow} and {@code htpasswd}. An account
 * keeps its password when its hash can be verified ({@link ForeignHash}); another begins without one.
 *
 * @param lines accounts for {@code flotilla user import}
 * @param notes lines that give no account, or one without its password
 */
public record ForeignAccounts(List<String> lines, List<Note> notes) {
    private static final int MOST_BYTES = 16 << 20;
    private static final int UID = 2;
    private static final int HOME = 5;
    private static final int EXPIRY = 7;
    private static final int SHADOW_FIELDS = 9;

    public ForeignAccounts {
        lines = List.copyOf(lines);
        notes = List.copyOf(notes);
    }

    /**
     * Reads a file.
     *
     * @param homes of some names; the others have a directory of their name
     * @param superusers names whose accounts are disabled, and have a directory of their name
     */
    public static ForeignAccounts read(Path file, Map<String, String> homes, Set<String> superusers)
            throws IOException {
        List<String> accounts = new ArrayList<>();
        List<Note> notes = new ArrayList<>();
        Set<String> names = new HashSet<>();
        int number = 0;
        for (String line : lines(file)) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] fields = line.split(":", -1);
            String name = fields[0];
            try {
                check(fields, names);
                ForeignHash hash = new ForeignHash(fields[1]);
                List<String> remarks = new ArrayList<>();
                hash.remark().ifPresent(remarks::add);
                User user = User.create(
                        name, hash.usable(), superusers.contains(name) ? name : homes.getOrDefault(name, name));
                accounts.add(AccountFormat.JSON.line(restricted(user, fields, superusers, remarks)));
                for (String remark : remarks) {
                    notes.add(new Note(number, name, remark));
                }
            } catch (IllegalArgumentException e) {
                notes.add(new Note(number, shown(fields), String.valueOf(e.getMessage())));
            }
        }
        return new ForeignAccounts(accounts, notes);
    }

    /** Disables an account that the other system does not let in, and keeps its end. */
    private static User restricted(User user, String[] fields, Set<String> superusers, List<String> remarks) {
        User.Builder account = user.change();
        if (superusers.contains(user.name())) {
            account.enabled(false);
            remarks.add("it is the superuser: it is disabled");
        }
        String days = fields.length == SHADOW_FIELDS ? fields[EXPIRY] : "";
        if (days.isEmpty()) {
            return account.make();
        }
        if (!days.matches("-?[0-9]{1,6}")) {
            throw new IllegalArgumentException("its field 8, the end of the account, is no number of days: left out");
        }
        if (!days.startsWith("-")) {
            Instant end = Instant.EPOCH.plus(Duration.ofDays(Long.parseLong(days)));
            if (end.isAfter(Instant.now())) {
                account.expires(end);
            } else {
                account.enabled(false);
                remarks.add("it ended on " + LocalDate.ofInstant(end, ZoneOffset.UTC) + ": it is disabled");
            }
        }
        return account.make();
    }

    /** Reads a {@code pureftpd.passwd}. */
    public static ForeignAccounts pureFtpd(Path file) throws IOException {
        List<String> accounts = new ArrayList<>();
        List<Note> notes = new ArrayList<>();
        Set<String> names = new HashSet<>();
        int number = 0;
        for (String line : lines(file)) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] fields = line.split(":", -1);
            try {
                check(fields, names);
                PureFtpdLine one = new PureFtpdLine(line);
                accounts.add(AccountFormat.JSON.line(one.user()));
                for (String remark : one.remarks()) {
                    notes.add(new Note(number, fields[0], remark));
                }
            } catch (IllegalArgumentException e) {
                notes.add(new Note(number, shown(fields), String.valueOf(e.getMessage())));
            }
        }
        return new ForeignAccounts(accounts, notes);
    }

    /** Returns the name; nothing of a line without fields, which may be a hash. */
    private static String shown(String[] fields) {
        return fields.length < 2 ? "this line" : fields[0];
    }

    private static void check(String[] fields, Set<String> names) {
        if (fields.length < 2) {
            throw new IllegalArgumentException("it is not NAME:HASH");
        }
        AccountName.check(fields[0]);
        if (fields[1].isEmpty() || fields[1].startsWith("!") || fields[1].startsWith("*")) {
            throw new IllegalArgumentException("it has no password there, or a locked one: left out");
        }
        if (!names.add(fields[0])) {
            throw new IllegalArgumentException("it is in an earlier line already");
        }
    }

    /** Reads the homes of a {@code passwd} file. */
    public static Map<String, String> homes(Path passwd) throws IOException {
        Map<String, String> homes = new HashMap<>();
        for (String line : lines(passwd)) {
            String[] fields = line.split(":", -1);
            if (fields.length > HOME && !fields[HOME].isEmpty()) {
                homes.putIfAbsent(fields[0], fields[HOME]);
            }
        }
        return homes;
    }

    /** Reads the names of a {@code passwd} file that have uid 0. */
    public static Set<String> superusers(Path passwd) throws IOException {
        Set<String> names = new HashSet<>();
        for (String line : lines(passwd)) {
            String[] fields = line.split(":", -1);
            if (fields.length > UID && fields[UID].strip().matches("0+")) {
                names.add(fields[0]);
            }
        }
        return names;
    }

    private static List<String> lines(Path file) throws IOException {
        if (Files.size(file) > MOST_BYTES) {
            throw new IOException(file + " has more than " + MOST_BYTES + " bytes");
        }
        return Files.readString(file, StandardCharsets.UTF_8).lines().toList();
    }
}
