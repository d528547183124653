package flotilla.ops.clients;

/** Gives the tests curl as their client. */
abstract class CurlClient extends Client {
    /** Returns curl as the test's user, with TLS required. */
    Program curl(String... arguments) {
        return Program.of(
                        work,
                        "curl",
                        "-sS",
                        "--fail",
                        "--max-time",
                        "60",
                        "--ssl-reqd",
                        "--cacert",
                        server.certificate().toString(),
                        "--user",
                        account.name() + ":" + account.password())
                .with(arguments);
    }
}
