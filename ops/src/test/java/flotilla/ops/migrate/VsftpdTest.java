package flotilla.ops.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.e2e.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The translation of a vsftpd.conf. */
class VsftpdTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path work;

    @SuppressWarnings("NullAway.Init")
    private Path list;

    @SuppressWarnings("NullAway.Init")
    private Path certificate;

    @BeforeEach
    void files() throws Exception {
        list = Files.writeString(work.resolve("user_list"), "alice\n");
        certificate = work.resolve("vsftpd.pem");
        Command.Result made = Command.run("cert", "new", "--dns", "ftp.example.com", certificate.toString());
        assertEquals(0, made.exit(), made.err());
    }

    /** A file with all settings that guides for vsftpd give. */
    private List<String> usual() {
        return List.of(
                "# a comment",
                "listen=YES",
                "anonymous_enable=NO",
                "local_enable=YES",
                "write_enable=YES",
                "local_umask=022",
                "dirmessage_enable=YES",
                "use_localtime=YES",
                "xferlog_enable=YES",
                "xferlog_std_format=NO",
                "xferlog_file=/var/log/vsftpd.log",
                "dual_log_enable=YES",
                "log_ftp_protocol=YES",
                "syslog_enable=YES",
                "connect_from_port_20=YES",
                "chroot_local_user=YES",
                "allow_writeable_chroot=YES",
                "chroot_list_enable=YES",
                "chroot_list_file=/etc/vsftpd.chroot_list",
                "secure_chroot_dir=/var/run/vsftpd/empty",
                "pam_service_name=vsftpd",
                "rsa_cert_file=" + certificate,
                "rsa_private_key_file=" + certificate,
                "ssl_enable=YES",
                "allow_anon_ssl=NO",
                "force_local_data_ssl=YES",
                "force_local_logins_ssl=YES",
                "ssl_tlsv1=YES",
                "ssl_tlsv1_2=YES",
                "ssl_tlsv1_3=YES",
                "ssl_sslv2=NO",
                "ssl_sslv3=NO",
                "require_ssl_reuse=NO",
                "ssl_ciphers=HIGH",
                "pasv_enable=YES",
                "pasv_min_port=30000",
                "pasv_max_port=31000",
                "pasv_address=192.0.2.7",
                "userlist_enable=YES",
                "userlist_deny=NO",
                "userlist_file=" + list,
                "max_clients=200",
                "max_per_ip=10",
                "local_max_rate=1000000",
                "anon_max_rate=500000",
                "idle_session_timeout=600",
                "data_connection_timeout=120",
                "ftpd_banner=Welcome, \"friend\".");
    }

    private Command.Result translated(List<String> lines) throws Exception {
        return Command.run(
                "import",
                "vsftpd",
                Files.write(work.resolve("vsftpd.conf"), lines).toString());
    }

    @Test
    @DisplayName("the translation of a usual file is a configuration that flotilla check accepts")
    void usualFile() throws Exception {
        Path out = work.resolve("flotilla.conf");
        Path in = Files.write(work.resolve("vsftpd.conf"), usual());
        Command.Result done = Command.run("import", "vsftpd", in.toString(), "--out", out.toString());
        assertEquals(0, done.exit(), done.err());
        Command.Result checked = Command.run("check", out.toString());
        assertEquals(0, checked.exit(), checked.err());
        String text = Files.readString(out);
        for (String line : List.of(
                "listeners.explicit.port = 21",
                "passive.ports = \"30000-31000\"",
                "passive.address = \"192.0.2.7\"",
                "active.source-port = 20",
                "tls.required = true",
                "tls.data-session-reuse = \"prefer\"",
                "login.user-list.mode = allow",
                "storage.read-only = false",
                "storage.file-mode = \"0644\"",
                "storage.directory-mode = \"0755\"",
                "limits.max-sessions = 200",
                "limits.rate-per-session = 1000000",
                "limits.max-per-address = 10",
                "limits.idle-timeout = 600s",
                "log.native = \"/var/log/vsftpd.log\"",
                "protocol.directory-message = \".message\"",
                "protocol.list-time-zone = \"system\"",
                "protocol.greeting = \"Welcome, \\\"friend\\\".\"",
                "# line 5: write_enable=YES")) {
            assertTrue(text.contains("  " + line + "\n"), line + " in " + text);
        }
        assertEquals(
                1,
                Command.run("import", "vsftpd", in.toString(), "--out", out.toString())
                        .exit());
    }

    @Test
    @DisplayName("each setting without a counterpart is told once with its line; those that are kept are not")
    void notes() throws Exception {
        List<String> lines = usual();
        String told = translated(lines).err();
        for (String key :
                List.of("ssl_ciphers", "chroot_list_file", "ssl_tlsv1", "log_ftp_protocol", "syslog_enable")) {
            int line = lines.indexOf(lines.stream()
                            .filter(one -> one.startsWith(key + "="))
                            .findFirst()
                            .orElseThrow())
                    + 1;
            assertTrue(told.contains(":" + line + ": " + key + "="), key + " in " + told);
        }
        assertFalse(
                told.contains("unknown")
                        || told.contains("anon_")
                        || told.contains("write_enable")
                        || told.contains("max_clients"),
                told);
        String odd = translated(List.of("nonsense", "ssl_enabel=YES", "pasv_min_port=abc"))
                .err();
        assertTrue(odd.contains(":1: nonsense"), odd);
        assertTrue(odd.contains(":2: ssl_enabel=YES: the key is unknown"), odd);
        assertTrue(odd.contains(":3: "), odd);
    }

    @Test
    @DisplayName("defaults of vsftpd hold where its file says nothing: no writing, port 21, names of the list refused")
    void defaults() throws Exception {
        String text = translated(List.of("userlist_enable=YES", "userlist_file=" + list))
                .out();
        assertTrue(text.contains("storage.read-only = true"), text);
        assertTrue(text.contains("listeners.explicit.port = 21"), text);
        assertTrue(text.contains("login.user-list.mode = deny"), text);
        assertTrue(text.contains("active.enabled = true"), text);
    }
}
