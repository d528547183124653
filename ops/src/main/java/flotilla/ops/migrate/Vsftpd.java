package flotilla.ops.migrate;

import flotilla.ops.migrate.VsftpdFile.Setting;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/**
 * Translates a {@code vsftpd.conf}. Defaults of vsftpd that matter (port 21, no writing, active mode) are written out.
 */
public final class Vsftpd {
    private static final String YES = "YES";
    private static final String NO = "NO";

    private final VsftpdFile file;
    private final VsftpdGuests guests;
    private final Draft draft = new Draft("vsftpd");
    private final Set<String> used = new TreeSet<>();
    private boolean offersTls;

    private Vsftpd(VsftpdFile file) {
        this.file = file;
        this.guests = new VsftpdGuests(file);
        draft.notes(file.wrong());
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
        all.anonymous();
        all.guests();
        all.files();
        all.logs();
        file.settings().forEach(all::rest);
        return all.draft.finish();
    }

    private void listeners() {
        boolean implicit = is("implicit_ssl", NO);
        String port = number("listen_port", "21");
        put("listeners.explicit.port", implicit ? "0" : port, "listen_port");
        put("listeners.implicit.port", implicit ? port : "0", "implicit_ssl");
        String every = is("listen_ipv6", NO) ? "::" : "0.0.0.0";
        String address = value("listen_address", value("listen_address6", every));
        put("listeners.bind", "[" + Draft.quoted(address) + "]", "listen_address");
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
            draft.note(line("pasv_min_port"), "pasv_min_port, pasv_max_port", VsftpdAdvice.PASSIVE_PORTS);
        } else {
            put("passive.ports", Draft.quoted(first + "-" + last), "pasv_min_port");
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
        offersTls = is("ssl_enable", NO);
        if (offersTls) {
            flag("force_local_logins_ssl", "tls.required", YES);
            boolean data = is("force_local_data_ssl", YES) || guests.mustProtectData();
            put("tls.data-required", String.valueOf(data), "force_local_data_ssl");
        } else {
            used.remove("ssl_enable");
        }
        text("rsa_cert_file", "tls.certificate");
        text("rsa_private_key_file", "tls.private-key");
        if (has("require_ssl_reuse")) {
            String mode = is("require_ssl_reuse", YES) ? "require" : "prefer";
            put("tls.data-session-reuse", Draft.quoted(mode), "require_ssl_reuse");
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

    private void anonymous() {
        if (!has("anonymous_enable")) {
            draft.note(0, "anonymous_enable", VsftpdAdvice.ANONYMOUS_DEFAULT);
        }
        if (!is("anonymous_enable", NO)) {
            return;
        }
        if (is("secure_email_list_enable", NO)) {
            used.remove("secure_email_list_enable");
            put("anonymous.enabled", "false", "secure_email_list_enable");
        } else {
            put("anonymous.enabled", "true", "anonymous_enable");
        }
        if (has("anon_root")) {
            text("anon_root", "anonymous.home");
        } else {
            draft.note(line("anonymous_enable"), "anon_root", VsftpdAdvice.ANONYMOUS_HOME);
        }
        boolean writes = is("anon_upload_enable", NO) && is("write_enable", NO);
        put("anonymous.write", writes ? "drop-box" : "none", "anon_upload_enable");
        numbers("anon_max_rate", "anonymous.rate");
        boolean tls = offersTls && is("force_anon_logins_ssl", NO);
        put("anonymous.tls", tls ? "required" : "optional", "force_anon_logins_ssl");
    }

    private void guests() {
        if (guests.areAnonymous()) {
            draft.notes(guests.notes());
            used.addAll(guests.told());
        }
        boolean reads = is("anonymous_enable", NO) && !(is("anon_upload_enable", NO) && is("write_enable", NO));
        if (!has("anon_world_readable_only") && (reads || guests.areAnonymous())) {
            draft.note(0, "anon_world_readable_only", VsftpdAdvice.WORLD_READABLE);
        }
    }

    private void logins() {
        numbers(guests.areAnonymous() ? "anon_max_rate" : "local_max_rate", "limits.rate-per-session");
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
        boolean writes = is("write_enable", NO) && (!guests.areAnonymous() || guests.mayWrite());
        put("storage.read-only", String.valueOf(!writes), guests.areAnonymous() ? "guest_enable" : "write_enable");
        String key = guests.areAnonymous() ? "anon_umask" : "local_umask";
        String umask = value(key, "077");
        if (umask.matches("0?[0-7]{3}")) {
            int bits = Integer.parseInt(umask, 8);
            draft.umasks(bits, bits, from(key));
        } else {
            used.remove(key);
        }
        if (is("delete_failed_uploads", NO)) {
            put("storage.keep-parts", "false", "delete_failed_uploads");
        }
        String message = value("message_file", ".message");
        if (is("dirmessage_enable", NO)) {
            put("protocol.directory-message", Draft.quoted(message), "dirmessage_enable");
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
            put("log.xferlog", Draft.quoted(other), "xferlog_file");
        }
        if (!standard || both) {
            put("log.native", Draft.quoted(own), "vsftpd_log_file");
        }
    }

    private void rest(String key, Setting setting) {
        if (used.contains(key) || isAnonymous(key) || VsftpdAdvice.isNeedless(key, setting.value())) {
            return;
        }
        draft.note(
                setting.line(),
                key + "=" + setting.value(),
                VsftpdAdvice.of(key, setting.value()).orElse("the key is unknown here: it is left out"));
    }

    /** What holds for nobody while there is no anonymous access. */
    private boolean isAnonymous(String key) {
        return VsftpdAdvice.isAnonymous(key) && !is("anonymous_enable", NO) && !guests.areAnonymous();
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
        return VsftpdFile.isYes(value(key, otherwise));
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
            put(to, Draft.quoted(value(from, "")), from);
        }
    }

    private void file(String to, String path, String from) {
        draft.file(to, path, line(from), from(from));
    }

    private void put(String to, String value, String from) {
        draft.put(to, value, from(from));
    }

    private String from(String key) {
        Setting setting = file.settings().get(key);
        return setting == null
                ? key + ": the default of vsftpd"
                : "line " + setting.line() + ": " + key + "=" + setting.value();
    }
}
