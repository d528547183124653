package flotilla.node.command;

/** Gives the same answer for every outcome, unless a subclass overrides its case. */
class AnyOutcome<R> implements Outcome.Cases<R> {
    private final R answer;

    AnyOutcome(R answer) {
        this.answer = answer;
    }

    @Override
    public R answered(Outcome.Answered outcome) {
        return answer;
    }

    @Override
    public R pending(Outcome.Pending outcome) {
        return answer;
    }

    @Override
    public R interruptible(Outcome.Interruptible outcome) {
        return answer;
    }

    @Override
    public R transferring(Outcome.Transferring outcome) {
        return answer;
    }

    @Override
    public R openPassive(Outcome.OpenPassive outcome) {
        return answer;
    }

    @Override
    public R startTls(Outcome.StartTls outcome) {
        return answer;
    }

    @Override
    public R endTls(Outcome.EndTls outcome) {
        return answer;
    }

    @Override
    public R reinitialize(Outcome.Reinitialize outcome) {
        return answer;
    }

    @Override
    public R logIn(Outcome.LogIn outcome) {
        return answer;
    }

    @Override
    public R identify(Outcome.Identify outcome) {
        return answer;
    }

    @Override
    public R closeEndpoint(Outcome.CloseEndpoint outcome) {
        return answer;
    }

    @Override
    public R goodbye(Outcome.Goodbye outcome) {
        return answer;
    }
}
