package flotilla.ops.migrate;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The keys of vsftpd that no key of Flotilla replaces, and what to do instead. */
final class VsftpdAdvice {
    /** Keys that say how vsftpd itself works. Nothing is lost without them. */
    private static final Set<String> NEEDLESS = Set.of(
            "listen",
            "listen_ipv6",
            "local_enable",
            "background",
            "nopriv_user",
            "pam_service_name",
            "secure_chroot_dir",
            "chroot_local_user",
            "allow_writeable_chroot",
            "passwd_chroot_enable",
            "one_process_model",
            "run_as_launching_user",
            "session_support",
            "setproctitle_enable",
            "use_sendfile",
            "trans_chunk_size",
            "check_shell",
            "no_log_lock",
            "tilde_user_enable",
            "text_userdb_names",
            "hide_ids",
            "isolate",
            "isolate_network",
            "seccomp_sandbox",
            "async_abor_enable",
            "mdtm_write",
            "lock_upload_files",
            "force_dot_files",
            "utf8_filesystem",
            "ssl_sslv2",
            "ssl_sslv3",
            "ssl_tlsv1",
            "ssl_tlsv1_1",
            "ssl_request_cert",
            "validate_cert",
            "strict_ssl_write_shutdown",
            "pasv_addr_resolve",
            "ascii_upload_enable",
            "ascii_download_enable",
            "userlist_log",
            "virtual_use_local_privs",
            "no_anon_password",
            "ftp_username",
            "allow_anon_ssl");

    static final String PASSIVE_PORTS =
            "passive.ports needs a range. Its default is 21000-21049: open it in the firewall";
    static final String ANONYMOUS_DEFAULT =
            "vsftpd lets anybody in without it. Here nobody but accounts: anonymous.enabled = true changes that";
    static final String ANONYMOUS_HOME =
            "anonymous.home names the directory: in vsftpd the home of the user ftp, such as /srv/ftp";

    static final String WORLD_READABLE =
            "vsftpd keeps back what not all users of the machine may read. Here clients read what the server reads";

    private static final Map<String, String> ADVICE = new HashMap<>();

    static {
        String set = "flotilla user set NAME ";
        ADVICE.put("user_config_dir", "the options of flotilla user set, for each account");
        ADVICE.put("local_root", set + "--home DIR; storage.root is the parent of the homes");
        ADVICE.put("user_sub_token", set + "--home DIR");
        ADVICE.put("ssl_ciphers", "tls.policy, or the names of suites in tls.suites: docs/secure/tls.md");
        ADVICE.put("cmds_allowed", set + "--allow PATH=PERMISSIONS");
        ADVICE.put("cmds_denied", set + "--allow PATH=PERMISSIONS");
        ADVICE.put("download_enable", set + "--allow /=write,list,… without read");
        ADVICE.put("dirlist_enable", set + "--allow /=read,write,… without list");
        ADVICE.put("chmod_enable", set + "--allow /=… without change-attributes");
        ADVICE.put("deny_file", set + "--allow PATH=none, for a path");
        ADVICE.put("hide_file", set + "--allow PATH=none, for a path");
        ADVICE.put("file_open_mode", "storage.file-mode");
        ADVICE.put("banner_file", "protocol.greeting, which is one line");
        ADVICE.put("log_ftp_protocol", "flotilla trace NAME for a while, or log.trace");
        ADVICE.put("debug_ssl", "flotilla trace ADDRESS, and the log");
        ADVICE.put(
                "syslog_enable",
                "log.native = \"stderr\" goes to the journal of systemd, log.syslog.target to a receiver of syslog");
        ADVICE.put("pasv_promiscuous", "passive.peer says who may open a data connection");
        ADVICE.put("port_promiscuous", "no: data goes to the client's own address only");
        ADVICE.put("guest_enable", "all accounts are virtual: flotilla user add NAME");
        ADVICE.put("guest_username", "all accounts are virtual: flotilla user add NAME");
        String anonymous = "no: anonymous.write has none, which only reads, and drop-box, which only stores new files";
        ADVICE.put("anon_mkdir_write_enable", anonymous);
        ADVICE.put("anon_other_write_enable", anonymous);
        ADVICE.put("anon_umask", "storage.file-mode, for all users");
        ADVICE.put("anon_world_readable_only", WORLD_READABLE);
        ADVICE.put("chown_uploads", "no: all files belong to the user that runs the server");
        ADVICE.put("chown_username", "no: all files belong to the user that runs the server");
        ADVICE.put("deny_email_enable", "no: addresses are not looked at. access.deny keeps clients out");
        ADVICE.put("banned_email_file", "no: addresses are not looked at. access.deny keeps clients out");
        ADVICE.put("force_anon_data_ssl", "tls.data-required = true, for all users, with anonymous.tls = required");
        ADVICE.put("secure_email_list_enable", "no: anonymous access is off. Use accounts with passwords");
        ADVICE.put("email_password_file", "no: use accounts with passwords");
        ADVICE.put("chroot_list_enable", "nobody leaves the home. For names in the list: " + set + "--home DIR");
        ADVICE.put("chroot_list_file", "nobody leaves the home. For names in the list: " + set + "--home DIR");
        ADVICE.put("dsa_cert_file", "no: use an EC certificate in tls.additional");
        ADVICE.put("dsa_private_key_file", "no: use an EC certificate in tls.additional");
        ADVICE.put("ecdsa_cert_file", "tls.additional");
        ADVICE.put("ecdsa_private_key_file", "tls.additional");
        ADVICE.put("ssl_enable", "TLS is always on offer. tls.required = false lets clients do without");
        ADVICE.put("ca_certs_file", "tls.client-ca, with require_cert or ssl_request_cert");
    }

    private static final Set<String> ANONYMOUS = Set.of(
            "no_anon_password",
            "ftp_username",
            "chown_uploads",
            "chown_username",
            "deny_email_enable",
            "banned_email_file",
            "email_password_file");
    private static final Set<String> ANONYMOUS_SWITCHES =
            Set.of("chown_uploads", "deny_email_enable", "secure_email_list_enable", "force_anon_data_ssl");

    private VsftpdAdvice() {}

    /** Returns whether nothing needs to be done about a key, whatever its value. */
    static boolean isNeedless(String key, String value) {
        boolean isOldTls = key.startsWith("ssl_sslv") || key.equals("ssl_tlsv1") || key.equals("ssl_tlsv1_1");
        boolean isOff = value.equalsIgnoreCase("NO");
        return NEEDLESS.contains(key) && (!isOldTls || isOff)
                || isOff
                        && Set.of("anonymous_enable", "guest_enable", "chroot_list_enable")
                                .contains(key)
                || isOff
                        && Set.of("log_ftp_protocol", "syslog_enable", "debug_ssl")
                                .contains(key)
                || isOff && ANONYMOUS_SWITCHES.contains(key)
                || isOff && (key.endsWith("_promiscuous") || key.startsWith("anon_") || key.startsWith("allow_anon"))
                || value.equalsIgnoreCase("YES")
                        && Set.of("download_enable", "dirlist_enable", "chmod_enable")
                                .contains(key);
    }

    /** Returns whether a key concerns anonymous clients only. */
    static boolean isAnonymous(String key) {
        return key.startsWith("anon_")
                || key.endsWith("_anon_ssl")
                || key.contains("anon_logins")
                || key.contains("_anon_data")
                || key.contains("secure_email")
                || ANONYMOUS.contains(key);
    }

    /** Returns what to do instead of a setting; empty when the key is unknown. */
    static Optional<String> of(String key, String value) {
        if (key.startsWith("ssl_sslv") || key.equals("ssl_tlsv1") || key.equals("ssl_tlsv1_1")) {
            return Optional.of("no: TLS 1.2 is the oldest version, and that is what clients need");
        }
        return Optional.ofNullable(ADVICE.get(key)).map(text -> text.replace("%s", value));
    }
}
