package flotilla.ops.account;

import flotilla.cluster.Bans.Ban;
import java.util.List;

/** The bans that are kept in the database, for the command line; as {@link UserStore} for accounts. */
public interface BanStore {
    /** Returns all bans that are kept and have not ended, in the order of their blocks. */
    List<Ban> list();

    /** Keeps a ban, in place of one of the same block. */
    void put(Ban ban);
}
