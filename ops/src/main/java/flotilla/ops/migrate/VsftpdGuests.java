package flotilla.ops.migrate;

import flotilla.ops.migrate.VsftpdFile.Setting;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The guests of vsftpd: accounts that have the rights of anonymous clients, unless its file says otherwise. */
final class VsftpdGuests {
    private static final String GUESTS = "guest_enable";
    private static final String UPLOADS = "anon_upload_enable";
    private static final String DIRECTORIES = "anon_mkdir_write_enable";
    private static final String OTHERS = "anon_other_write_enable";
    private static final String DATA = "force_anon_data_ssl";

    private final VsftpdFile file;

    VsftpdGuests(VsftpdFile file) {
        this.file = file;
    }

    /** Whether all accounts are guests with the rights of anonymous clients. */
    boolean areAnonymous() {
        return file.isOn(GUESTS) && !file.isOn("virtual_use_local_privs");
    }

    boolean mayWrite() {
        return file.isOn("write_enable") && (file.isOn(UPLOADS) || file.isOn(DIRECTORIES) || file.isOn(OTHERS));
    }

    boolean mustProtectData() {
        return areAnonymous() && file.isOn(DATA);
    }

    /** Returns what to give the accounts. */
    List<Note> notes() {
        Setting setting = file.settings().get(GUESTS);
        if (setting == null) {
            return List.of();
        }
        boolean writes = file.isOn("write_enable");
        String more = (writes && file.isOn(UPLOADS) ? ",write" : "")
                + (writes && file.isOn(DIRECTORIES) ? ",make-directory" : "")
                + (writes && file.isOn(OTHERS) ? ",append,delete,rename" : "");
        return List.of(new Note(
                setting.line(),
                GUESTS + "=" + setting.value(),
                "guests have the rights of anonymous clients only, without virtual_use_local_privs=YES: flotilla user"
                        + " add NAME --allow /=read,list" + more));
    }

    /** Returns the keys that need no note of their own. */
    Set<String> told() {
        Set<String> told = new HashSet<>(Set.of(GUESTS, "local_umask", "local_max_rate"));
        if (!file.isOn("anonymous_enable")) {
            told.addAll(Set.of(UPLOADS, DIRECTORIES, OTHERS, DATA));
        }
        return told;
    }
}
