package flotilla.ops.migrate;

import com.typesafe.config.ConfigUtil;
import flotilla.ops.migrate.VsftpdFile.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Translates a {@code vsftpd.conf}. Defaults of vsftpd that matter (port 21, no writing, active mode) are written out.
 */
public final class Vsftpd {
    private static final String YES = "YES";
    private static final String NO = "NO";

    private final VsftpdFile file;
    private final Map<String, String> keys = new LinkedHashMap<>();
    private final Map<String, String> comments = new LinkedHashMap<>();
    private final List<Note> notes;
    private final Set<String> used = new TreeSet<>();

    /**
     * A configuration of Flotilla.
     *
     * @param text of its file, with a comment for each key
     * @param notes what has no counterpart, in the order of lines
     */
    public record Translation(String text, List<Note> notes) {
        public Translation {
            notes = List.copyOf(notes);
        }
    }

    private Vsftpd(VsftpdFile file) {
        this.file = file;
        this.notes = new ArrayList<>(file.wrong());
    }

    /** Translates a file of at most 1 MiB. */
    public static Translation translate(Path file) throws IOException {
        return translate(VsftpdFile.read(file));
    }

    static Translation translate(VsftpdFile file) {
        Vsftpd all = new Vsftpd(file);
        all.listeners();
        all.data();
        all.tls();
        all.logins();
        all.files();
        all.logs();
        file.settings().forEach(all::rest);
        all.notes.sort(Comparator.comparingInt(Note::line));
        return new Translation(all.text(), all.notes);
    }

    private void listeners() {
        boolean implicit = is("implicit_ssl", NO);
        String port = number("listen_port", "21");
        put("listeners.explicit.port", implicit ? "0" : port, "listen_port");
        put("listeners.implicit.port", implicit ? port : "0", "implicit_ssl");
        String every = is("listen_ipv6", NO) ? "::" : "0.0.0.0";
        String address = value("listen_address", value("listen_address6", every));
        put("listeners.bind", "[" + ConfigUtil.quoteString(address) + "]", "listen_address");
        seconds("idle_session_timeout", "limits.idle-timeout");
        seconds("data_connection_timeout", "limits.stall-timeout");
        numbers("max_clients", "limits.max-sessions");
        numbers("max_per_ip", "limits.max-per-address");
        if (is("tcp_wrappers", NO)) {
            file("access.allow", "/etc/hosts.allow", "tcp_wrappers");
            file("access.deny", "/etc/hosts.deny", "tcp_wrappers");
        }
        text("ftpd_banner", "protocol.greeting");
    }

    private void data() {
        flag("pasv_enable", "passive.enabled", YES);
        String first = number("pasv_min_port", "0");
        String last = number("pasv_max_port", "0");
        if (first.equals("0") || last.equals("0")) {
            notes.add(new Note(
                    line("pasv_min_port"),
                    "pasv_min_port, pasv_max_port",
                    "passive.ports needs a range. Its default is 21000-21049: open it in the firewall"));
        } else {
            put("passive.ports", ConfigUtil.quoteString(first + "-" + last), "pasv_min_port");
        }
        text("pasv_address", "passive.address");
        flag("port_enable", "active.enabled", YES);
        String from = number("ftp_data_port", "20");
        if (is("connect_from_port_20", NO)) {
            put("active.source-port", from, "connect_from_port_20");
        }
        seconds("accept_timeout", "passive.connect-timeout");
        seconds("connect_timeout", "active.connect-timeout");
    }

    private void tls() {
        if (is("ssl_enable", NO)) {
            flag("force_local_logins_ssl", "tls.required", YES);
            flag("force_local_data_ssl", "tls.data-required", YES);
        } else {
            used.remove("ssl_enable");
        }
        text("rsa_cert_file", "tls.certificate");
        text("rsa_private_key_file", "tls.private-key");
        if (has("require_ssl_reuse")) {
            String mode = is("require_ssl_reuse", YES) ? "require" : "prefer";
            put("tls.data-session-reuse", ConfigUtil.quoteString(mode), "require_ssl_reuse");
        }
        boolean required = is("require_cert", NO);
        if (required || is("ssl_request_cert", NO) && has("ca_certs_file")) {
            put("tls.client-certificates", required ? "\"require\"" : "\"request\"", "require_cert");
            text("ca_certs_file", "tls.client-ca");
        }
        if (has("ssl_tlsv1_2") && !is("ssl_tlsv1_2", YES)) {
            put("tls.min", "\"1.3\"", "ssl_tlsv1_2");
        }
        if (has("ssl_tlsv1_3") && !is("ssl_tlsv1_3", YES)) {
            put("tls.max", "\"1.2\"", "ssl_tlsv1_3");
        }
        if (has("strict_ssl_read_eof")) {
            put(
                    "tls.accept-missing-close-notify",
                    String.valueOf(!is("strict_ssl_read_eof", NO)),
                    "strict_ssl_read_eof");
        }
    }

    private void logins() {
        numbers("max_login_fails", "login.max-attempts");
        seconds("delay_failed_login", "login.failure-delay");
        String list = value("userlist_file", "/etc/vsftpd.user_list");
        boolean denies = is("userlist_deny", YES);
        if (is("userlist_enable", NO)) {
            put("login.user-list.mode", denies ? "deny" : "allow", "userlist_deny");
            file("login.user-list.file", list, "userlist_file");
        }
    }

    private void files() {
        put("storage.read-only", String.valueOf(!is("write_enable", NO)), "write_enable");
        String umask = value("local_umask", "077");
        if (umask.matches("0?[0-7]{3}")) {
            int bits = Integer.parseInt(umask, 8);
            put("storage.file-mode", octal(0666 & ~bits), "local_umask");
            put("storage.directory-mode", octal(0777 & ~bits), "local_umask");
        } else {
            used.remove("local_umask");
        }
        if (is("delete_failed_uploads", NO)) {
            put("storage.keep-parts", "false", "delete_failed_uploads");
        }
        String message = value("message_file", ".message");
        if (is("dirmessage_enable", NO)) {
            put("protocol.directory-message", ConfigUtil.quoteString(message), "dirmessage_enable");
        }
        if (is("ls_recurse_enable", NO)) {
            put("protocol.recursive-listings", "true", "ls_recurse_enable");
        }
        if (is("use_localtime", NO)) {
            put("protocol.list-time-zone", "\"system\"", "use_localtime");
        }
    }

    private void logs() {
        String transfers = value("xferlog_file", "/var/log/xferlog");
        String own = value("vsftpd_log_file", "/var/log/vsftpd.log");
        boolean standard = is("xferlog_std_format", NO);
        boolean both = is("dual_log_enable", NO);
        if (!is("xferlog_enable", NO)) {
            return;
        }
        if (standard || both) {
            String other = transfers.equals(own) && both ? "/var/log/xferlog" : transfers;
            put("log.xferlog", ConfigUtil.quoteString(other), "xferlog_file");
        }
        if (!standard || both) {
            put("log.native", ConfigUtil.quoteString(own), "vsftpd_log_file");
        }
    }

    private void rest(String key, Setting setting) {
        if (used.contains(key) || VsftpdAdvice.isNeedless(key, setting.value())) {
            return;
        }
        notes.add(new Note(
                setting.line(),
                key + "=" + setting.value(),
                VsftpdAdvice.of(key, setting.value()).orElse("the key is unknown here: it is left out")));
    }

    private boolean has(String key) {
        return file.settings().containsKey(key);
    }

    private int line(String key) {
        Setting setting = file.settings().get(key);
        return setting == null ? 0 : setting.line();
    }

    private String value(String key, String otherwise) {
        Setting setting = file.settings().get(key);
        if (setting == null) {
            return otherwise;
        }
        used.add(key);
        return setting.value();
    }

    private boolean is(String key, String otherwise) {
        return Set.of(YES, "TRUE", "1").contains(value(key, otherwise).toUpperCase(Locale.ROOT));
    }

    private String number(String key, String otherwise) {
        String value = value(key, otherwise);
        if (value.matches("[0-9]{1,9}")) {
            return value;
        }
        used.remove(key);
        return otherwise;
    }

    private void numbers(String from, String to) {
        if (has(from) && !number(from, "").isEmpty()) {
            put(to, number(from, ""), from);
        }
    }

    private void seconds(String from, String to) {
        if (has(from) && !number(from, "").isEmpty()) {
            put(to, number(from, "") + "s", from);
        }
    }

    private void flag(String from, String to, String otherwise) {
        put(to, String.valueOf(is(from, otherwise)), from);
    }

    private void text(String from, String to) {
        if (has(from)) {
            put(to, ConfigUtil.quoteString(value(from, "")), from);
        }
    }

    /** Puts a file that must be there, or notes that it is not. */
    private void file(String to, String path, String from) {
        if (Files.isReadable(Path.of(path))) {
            put(to, ConfigUtil.quoteString(path), from);
        } else {
            notes.add(new Note(line(from), from, path + " cannot be read here; " + to + " names such a file"));
        }
    }

    private void put(String to, String value, String from) {
        Setting setting = file.settings().get(from);
        keys.put(to, value);
        comments.put(
                to,
                setting == null
                        ? from + ": the default of vsftpd"
                        : "line " + setting.line() + ": " + from + "=" + setting.value());
    }

    private static String octal(int mode) {
        return String.format(Locale.ROOT, "\"%04o\"", mode);
    }

    private String text() {
        StringBuilder text = new StringBuilder("# Made by flotilla import vsftpd. All keys with their defaults: man 5"
                + " flotilla.conf.\n# Accounts are not in it: flotilla user add NAME, or flotilla user import FILE.\n\n"
                + "flotilla {\n");
        keys.forEach((key, value) -> text.append("  # ")
                .append(plain(comments.getOrDefault(key, "")))
                .append("\n  ")
                .append(key)
                .append(" = ")
                .append(value)
                .append('\n'));
        text.append("}\n");
        if (!notes.isEmpty()) {
            text.append("\n# What has no counterpart, and what to do instead:\n");
            notes.forEach(note -> text.append("# line ")
                    .append(note.line())
                    .append(": ")
                    .append(plain(note.setting()))
                    .append("\n#     ")
                    .append(plain(note.advice()))
                    .append('\n'));
        }
        return text.toString();
    }

    private static String plain(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
