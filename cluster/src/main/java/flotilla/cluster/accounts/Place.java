package flotilla.cluster.accounts;

import java.io.File;

/** The location of a database, without its credentials. */
final class Place {
    private static final String H2 = "jdbc:h2:";
    private static final String FILE = "file:";

    private Place() {}

    /** Host and port of a database server, or the path of an H2 file. */
    static String nameOf(String jdbcUrl) {
        int slashes = jdbcUrl.indexOf("//");
        if (slashes >= 0) {
            String rest = jdbcUrl.substring(slashes + 2);
            String authority = rest.split("[/?;]", 2)[0];
            return authority.substring(authority.lastIndexOf('@') + 1);
        }
        return jdbcUrl.startsWith(H2) ? fileOf(jdbcUrl).toString() : "its server";
    }

    /** The file of an embedded H2 database. */
    static File fileOf(String jdbcUrl) {
        String path = jdbcUrl.substring(H2.length()).split(";", 2)[0];
        String bare = path.startsWith(FILE) ? path.substring(FILE.length()) : path;
        String inHome = bare.startsWith("~") ? System.getProperty("user.home") + bare.substring(1) : bare;
        return new File(inHome + ".mv.db");
    }
}
