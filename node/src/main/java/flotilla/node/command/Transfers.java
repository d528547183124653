package flotilla.node.command;

import flotilla.node.protocol.Names;
import flotilla.node.state.SessionState;
import flotilla.node.transfer.Transfer;
import flotilla.node.transfer.Transfer.Placement;
import flotilla.storage.UploadCheck;
import flotilla.storage.UploadStart.Base;
import flotilla.storage.VirtualPath;
import flotilla.storage.WriteMode;
import java.util.Optional;

/** The common part of the transfer commands: the checks before 150, and uploads. */
final class Transfers {
    private Transfers() {}

    /**
     * The refusal of a transfer before any file is opened; empty when it may begin. Protection is checked first (RFC
     * 4217, section 10.2), then the endpoint.
     */
    static Optional<Outcome> refusal(Turn turn) {
        SessionState state = turn.state();
        boolean userDemands = state.login().user().stream()
                .anyMatch(user -> user.tls() == flotilla.cluster.User.TlsRequirement.CONTROL_AND_DATA);
        if ((turn.policy().requireDataTls() || userDemands) && !state.security().dataTls()) {
            return Optional.of(turn.answer(522, "Data connections must be protected: send PROT P."));
        }
        if (state.parameters().compression().on()
                && !(ModeCommand.isOffered(turn) && state.security().dataTls())) {
            return Optional.of(turn.answer(522, "MODE Z needs PROT P: send PROT P or MODE S."));
        }
        return state.endpoint().isEmpty()
                ? Optional.of(turn.answer(
                        425, turn.policy().passive() ? "Use EPSV or PASV first." : "Use EPRT or PORT first."))
                : Optional.empty();
    }

    static boolean isAscii(Turn turn) {
        return turn.state().parameters().ascii() && !turn.policy().asciiAsBinary();
    }

    static String opening(Turn turn, String name) {
        return "Opening " + (isAscii(turn) ? "ASCII" : "BINARY") + " mode data connection for " + Names.printable(name);
    }

    /**
     * Runs STOR, APPE and STOU after their own checks.
     *
     * @param opening text of the reply 150
     */
    static Outcome receive(Turn turn, VirtualPath path, Placement placement, String opening) {
        Optional<Outcome> refusal = refusal(turn);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        long offset = placement == Placement.RESUME ? turn.state().restart() : 0;
        boolean ascii = isAscii(turn);
        if (offset > 0 && ascii) {
            return turn.answer(554, "REST in ASCII mode not supported.");
        }
        return Outcome.pending(
                turn.tree().run(tree -> tree.checkWrite(path, mode(placement, offset))),
                check -> ascii && check.start().base() == Base.PART
                        ? turn.answer(550, "A broken upload is resumed in TYPE I; send STOR for the whole file.")
                        : receiving(turn, path, placement, opening, check));
    }

    private static Outcome receiving(
            Turn turn, VirtualPath path, Placement placement, String opening, UploadCheck check) {
        Transfer.Receive receive = new Transfer.Receive(
                path.toString(),
                placement,
                placement == Placement.RESUME ? turn.state().restart() : 0,
                isAscii(turn),
                turn.state().login().user().orElseThrow().maxFileBytes(),
                check.lockName(),
                placement == Placement.REPLACE && check.isReplacing());
        return new Outcome.Transferring(opening, receive, turn.state());
    }

    private static WriteMode mode(Placement placement, long offset) {
        return switch (placement) {
            case REPLACE -> WriteMode.REPLACE;
            case CREATE_NEW -> WriteMode.CREATE_NEW;
            case APPEND -> WriteMode.APPEND;
            case RESUME -> WriteMode.resumeAt(offset);
        };
    }
}
