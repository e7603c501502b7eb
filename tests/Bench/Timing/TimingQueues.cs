using SimplexActors.Client;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;

namespace SimplexActors.Bench.Timing;

/// <summary>The queues of one measurement, and the refusals that can be had from them.</summary>
internal sealed class TimingQueues
{
    private const int ManyKeys = 8;
    private static readonly KeyAlgorithm[] Algorithms = [KeyAlgorithm.Ed25519, KeyAlgorithm.Ed448, KeyAlgorithm.X25519];
    private static readonly SmpCommand Message = new SendCommand(false, "hello"u8.ToArray());

    private readonly Dictionary<KeyAlgorithm, RecipientQueue> _queues = [];
    private readonly Dictionary<KeyAlgorithm, RecipientQueue> _secured = [];
    private readonly Dictionary<KeyAlgorithm, RecipientQueue> _manyKeys = [];
    private readonly Dictionary<KeyAlgorithm, EntityId[]> _onDisk = [];
    private RecipientQueue? _open;
    private RecipientQueue? _suspended;
    private EntityId _link;

    /// <summary>Creates queues with keys of every kind; the many that are used once are not in memory after a restart.</summary>
    public static async Task<TimingQueues> CreateAsync(SmpClient client, int onDisk)
    {
        var made = new TimingQueues();
        foreach (KeyAlgorithm algorithm in Algorithms)
        {
            made._queues[algorithm] = await NewAsync(client, algorithm);
            made._secured[algorithm] = await NewAsync(client, algorithm);
            await client.SecureAsync(made._secured[algorithm], PrivateKey.Generate(algorithm).Public);
            made._manyKeys[algorithm] = await NewAsync(client, algorithm, QueueMode.Contact);
            await client.ReplaceKeysAsync(
                made._manyKeys[algorithm], Enumerable.Range(0, ManyKeys).Select(_ => PrivateKey.Generate(algorithm).Public));
            var ids = new EntityId[onDisk];
            for (int i = 0; i < onDisk; i++)
            {
                ids[i] = (await NewAsync(client, algorithm)).RecipientId;
            }

            made._onDisk[algorithm] = ids;
        }

        made._open = await NewAsync(client, KeyAlgorithm.Ed25519);
        made._suspended = await NewAsync(client, KeyAlgorithm.Ed25519);
        await client.SuspendAsync(made._suspended);
        RecipientQueue linked = await client.CreateQueueAsync(new NewQueue { Subscribe = false, Link = new LinkData(new byte[100], new byte[100]) });
        made._link = linked.LinkId ?? throw new InvalidOperationException("The router gave no link id.");
        return made;
    }

    /// <summary>All groups of refusals.</summary>
    public IEnumerable<TimingGroup> Groups() =>
    [
        .. Algorithms.Select(Subscribing),
        .. Algorithms.Select(SendingSigned),
        new("SEND without authorization",
        [
            TimingCase.Missing(Message, null),
            TimingCase.Of("secured queue", Message, _secured[KeyAlgorithm.Ed25519].SenderId, null),
            TimingCase.Of("suspended queue", Message, _suspended!.SenderId, null),
        ]),
        new("LGET", [TimingCase.Missing(LgetCommand.Instance, null), TimingCase.Of("link of another kind of queue", LgetCommand.Instance, _link, null)]),
    ];

    private static async Task<RecipientQueue> NewAsync(SmpClient client, KeyAlgorithm algorithm, QueueMode mode = QueueMode.Messaging) =>
        await client.CreateQueueAsync(new NewQueue { Mode = mode, Subscribe = false, Key = PrivateKey.Generate(algorithm) });

    private static KeyAlgorithm Other(KeyAlgorithm algorithm) => algorithm is KeyAlgorithm.Ed25519 ? KeyAlgorithm.X25519 : KeyAlgorithm.Ed25519;

    private TimingGroup Subscribing(KeyAlgorithm algorithm)
    {
        PrivateKey wrong = PrivateKey.Generate(algorithm);
        SmpCommand sub = SubCommand.Instance;
        return new($"SUB with {algorithm}",
        [
            TimingCase.Missing(sub, wrong),
            TimingCase.Of("wrong key", sub, _queues[algorithm].RecipientId, wrong),
            TimingCase.Of("key of another kind", sub, _queues[Other(algorithm)].RecipientId, wrong),
            TimingCase.Of($"{ManyKeys} wrong keys", sub, _manyKeys[algorithm].RecipientId, wrong),
            TimingCase.Of("id of another kind", sub, _queues[algorithm].SenderId, wrong),
            new TimingCase("wrong key, queue on disk", sub, _onDisk[algorithm], wrong),
        ]);
    }

    private TimingGroup SendingSigned(KeyAlgorithm algorithm)
    {
        PrivateKey wrong = PrivateKey.Generate(algorithm);
        return new($"SEND with {algorithm}",
        [
            TimingCase.Missing(Message, wrong),
            TimingCase.Of("wrong key", Message, _secured[algorithm].SenderId, wrong),
            TimingCase.Of("key of another kind", Message, _secured[Other(algorithm)].SenderId, wrong),
            TimingCase.Of("unsecured queue", Message, _open!.SenderId, wrong),
        ]);
    }
}
