package flotilla.ops.migrate;

import flotilla.cluster.User;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A line of {@code pureftpd.passwd}: name, hash, ids, comment, home, rates in bytes a second, ratios, most sessions,
 * quotas in files and bytes, addresses of the server and of clients that may and may not log in, and times of day.
 */
final class PureFtpdLine {
    private static final int HASH = 1;
    private static final int HOME = 5;
    private static final int UPLOAD = 6;
    private static final int DOWNLOAD = 7;
    private static final int SESSIONS = 10;
    private static final int FILES = 11;
    private static final int BYTES = 12;
    private static final int CLIENTS = 15;
    /** Fields that restrict a user in ways that an account here has not. */
    private static final List<Integer> LOST = List.of(8, 9, 13, 14, 16, 17);

    private final String[] fields;

    PureFtpdLine(String line) {
        fields = line.split(":", -1);
    }

    /**
     * Returns the account. It keeps its password when the hash can be verified. One with a restriction that would be lost is
     * disabled.
     */
    User user() {
        if (fields.length <= HOME) {
            throw new IllegalArgumentException("it is not a line of pureftpd.passwd");
        }
        String home = field(HOME).replaceFirst("/\\./?.*$", "");
        return User.create(field(0), new ForeignHash(field(HASH)).usable(), home.isEmpty() ? field(0) : home)
                .change()
                .uploadBytesPerSecond(number(UPLOAD))
                .downloadBytesPerSecond(number(DOWNLOAD))
                .maxSessions((int) number(SESSIONS))
                .quotaFiles(number(FILES))
                .quotaBytes(number(BYTES))
                .allowedNetworks(Arrays.stream(field(CLIENTS).split(","))
                        .filter(network -> !network.isBlank())
                        .toList())
                .enabled(!isRestricted())
                .make();
    }

    /** Returns what an operator must look at. */
    List<String> remarks() {
        List<String> remarks = new ArrayList<>();
        new ForeignHash(field(HASH)).remark().ifPresent(remarks::add);
        if (isRestricted()) {
            remarks.add("ratios, refused or local addresses and times of day have no counterpart: it is disabled");
        }
        return remarks;
    }

    private boolean isRestricted() {
        return LOST.stream()
                .anyMatch(index -> !field(index).isBlank() && !field(index).equals("0"));
    }

    private String field(int index) {
        return index < fields.length ? fields[index] : "";
    }

    private long number(int index) {
        String text = field(index);
        if (text.isEmpty()) {
            return 0;
        }
        if (!text.matches("[0-9]{1,18}") || index == SESSIONS && text.length() > 9) {
            throw new IllegalArgumentException("its field " + (index + 1) + " is no number");
        }
        return Long.parseLong(text);
    }
}
