using System.Security.Cryptography;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Actors.Queues.Decisions;

/// <summary>
/// <c>LSET</c> (S-302, S-303): stores link data, or replaces the user data of a link whose id and fixed data stay
/// the same. A link id of another queue answers <c>AUTH</c>, as every other refusal.
/// </summary>
internal static class Lset
{
    public static QueueDecision Decide(QueueState state, QueueCommand.Client client, LsetCommand lset)
    {
        QueueRecord record = state.Record;
        if (record is { Mode: not QueueMode.Contact, SenderKey: not null })
        {
            return Outcome.Reply(state, client, Answers.Auth);
        }

        EntityId fixedHash = HashOf(lset.Data.Fixed.Span);
        if (record.Link is { } link)
        {
            if (link.LinkId != lset.LinkId || !CryptographicOperations.FixedTimeEquals(link.FixedHash.Bytes, fixedHash.Bytes))
            {
                return Outcome.Reply(state, client, Answers.Auth);
            }
        }
        else
        {
            record = record.WithLink(new QueueLink(lset.LinkId, fixedHash));
        }

        return new QueueDecision(
            state with { Record = record },
            [new QueueChange.Update(record, lset.Data)],
            [new QueueEffect.Reply(client.ReplyTo, OkResponse.Instance)],
            [new QueueEffect.Reply(client.ReplyTo, Answers.Auth)]);
    }

    private static EntityId HashOf(ReadOnlySpan<byte> fixedData)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(fixedData, hash);
        return new EntityId(hash);
    }
}
