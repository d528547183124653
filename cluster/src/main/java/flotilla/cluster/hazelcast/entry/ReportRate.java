package flotilla.cluster.hazelcast.entry;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import java.io.IOException;
import java.util.Map;
import java.util.UUID;

/** Takes a member's report on a rate, and answers the number of transfers in the cluster that share it. */
public final class ReportRate extends Processor<RateCounts, Integer> {
    private UUID member = NOBODY;
    private int transfers;

    ReportRate() {}

    /** Reports {@code transfers} of {@code member}; 0 for none any more. */
    public ReportRate(UUID member, int transfers) {
        this.member = member;
        this.transfers = transfers;
    }

    @Override
    public Integer process(Map.Entry<String, RateCounts> entry) {
        RateCounts present = valueOf(entry);
        RateCounts counts = present == null ? new RateCounts() : present;
        int all = counts.report(member, transfers, System.currentTimeMillis());
        if (counts.isEmpty()) {
            remove(entry);
        } else {
            entry.setValue(counts);
        }
        return all;
    }

    @Override
    public int getClassId() {
        return Factory.REPORT_RATE;
    }

    @Override
    void writeFields(ObjectDataOutput output) throws IOException {
        writeUuid(output, member);
        output.writeInt(transfers);
    }

    @Override
    void readFields(ObjectDataInput input, int version) throws IOException {
        member = readUuid(input);
        transfers = input.readInt();
    }
}
