package flotilla.ops.clients;

/** Gives the tests lftp in active mode. Some versions of curl fail with it when TLS is on. */
abstract class ActiveClient extends CurlClient {
    /** Returns lftp as the test's user, which runs commands with data connections in active mode. */
    Program active(String commands) {
        String script = "set cmd:fail-exit true; set ftp:ssl-force true; set net:max-retries 1; set net:timeout 20;"
                + "set ftp:passive-mode no; set xfer:clobber true; set ssl:ca-file " + server.certificate()
                + "\nopen -u " + account.name() + "," + account.password() + " " + explicitUrl("") + "\n" + commands
                + "\n";
        return Program.of(work, "lftp", "--norc", "-c", script);
    }
}
