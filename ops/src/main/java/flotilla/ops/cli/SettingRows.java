package flotilla.ops.cli;

import flotilla.cluster.PathRule;
import flotilla.cluster.User;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The settings of an account or a group for people, under the names of their options. */
final class SettingRows {
    /**
     * A line of the table.
     *
     * @param setting name of the component, as {@link flotilla.cluster.Effective} has it
     */
    record Row(String setting, String option, String value) {}

    private SettingRows() {}

    static List<Row> of(User user) {
        List<Row> rows = new ArrayList<>();
        if (user.rules().isEmpty()) {
            rows.add(new Row("rules", "--allow", "everything"));
        }
        user.rules().forEach(rule -> rows.add(new Row("rules", "--allow", rule(rule))));
        rows.add(new Row("readOnly", "--read-only", String.valueOf(user.readOnly())));
        rows.add(new Row(
                "allowedNetworks",
                "--network",
                user.allowedNetworks().isEmpty() ? "any" : String.join(" ", user.allowedNetworks())));
        rows.add(new Row("maxSessions", "--max-sessions", limit(user.maxSessions(), "the server's limit")));
        rows.add(new Row("uploadBytesPerSecond", "--upload-rate", limit(user.uploadBytesPerSecond(), "no limit")));
        rows.add(
                new Row("downloadBytesPerSecond", "--download-rate", limit(user.downloadBytesPerSecond(), "no limit")));
        rows.add(new Row("maxFileBytes", "--max-file-size", limit(user.maxFileBytes(), "no limit")));
        rows.add(new Row("quotaBytes", "--quota", limit(user.quotaBytes(), "no limit")));
        rows.add(new Row("quotaFiles", "--quota-files", limit(user.quotaFiles(), "no limit")));
        rows.add(new Row(
                "tls", "--tls", user.tls().name().toLowerCase(Locale.ROOT).replace('_', '-')));
        rows.add(new Row("umask", "--umask", user.umask().isEmpty() ? "default" : user.umask()));
        rows.add(new Row("encoding", "--encoding", user.encoding().isEmpty() ? "default" : user.encoding()));
        user.leniencies().forEach(leniency -> rows.add(new Row("leniencies", "leniency", leniency)));
        return rows;
    }

    private static String rule(PathRule rule) {
        return rule.prefix() + "="
                + rule.permissions().stream()
                        .map(permission -> permission.name().toLowerCase(Locale.ROOT))
                        .sorted()
                        .collect(Collectors.joining(","));
    }

    private static String limit(long value, String none) {
        return value == 0 ? "0 (" + none + ")" : String.valueOf(value);
    }
}
