using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Client.Connection;

/// <summary>A queue between <c>NEW</c> and <c>IDS</c>: the client's keys, which become a handle with the router's.</summary>
internal sealed class QueueInCreation
{
    private readonly NewQueue _wanted;
    private readonly PrivateKey _key;
    private readonly PrivateKey _dhKey;
    private readonly PrivateKey? _notifierDhKey;
    private readonly EntityId? _correlationId;

    /// <summary>Makes the keys that the caller did not bring.</summary>
    /// <param name="wanted">What to create.</param>
    /// <param name="correlationId">Of the command, which the sender id of a queue with link data is made of (S-229).</param>
    public QueueInCreation(NewQueue wanted, EntityId? correlationId)
    {
        _wanted = wanted;
        _correlationId = correlationId;
        _key = wanted.Key ?? PrivateKey.Generate(KeyAlgorithm.Ed25519);
        _dhKey = wanted.DhKey ?? PrivateKey.Generate(KeyAlgorithm.X25519);
        _notifierDhKey = wanted.NotifierKey is null ? null : PrivateKey.Generate(KeyAlgorithm.X25519);
        Outcome = new WrongAnswer(SmpCommandTag.NEW);
    }

    /// <summary>The handle, after <see cref="Complete"/>.</summary>
    public SmpResult<RecipientQueue> Outcome { get; private set; }

    /// <summary>The version that can say what is wanted.</summary>
    public ushort MinVersion => _wanted switch
    {
        { NotifierKey: not null } => SmpVersion.NewQueueNotifier,
        { Link: not null } => SmpVersion.ShortLinks,
        { Mode: QueueMode.Contact } => SmpVersion.SenderKeys,
        _ => SmpVersion.Lowest,
    };

    /// <summary>The command.</summary>
    /// <param name="routerPassword">Of the router's address.</param>
    public CommandToSend ToCommand(string? routerPassword)
    {
        NewQueueLink? link = _wanted.Link is null
            ? null
            : new NewQueueLink(_wanted.LinkId, ProtocolHash.SenderId(_correlationId!.Value.Bytes), _wanted.Link);
        NewNotifier? notifier = _wanted.NotifierKey is null
            ? null
            : new NewNotifier(_wanted.NotifierKey.Public, _notifierDhKey!.Public);
        var command = new NewCommand(
            _key.Public, _dhKey.Public, _wanted.Password ?? routerPassword, _wanted.Subscribe, _wanted.Mode, link, notifier);
        return new CommandToSend(command, EntityId.Empty, _key, this, _correlationId);
    }

    /// <summary>Makes the handle and remembers it for events, if the queue is subscribed.</summary>
    public void Complete(IdsResponse ids, Subscriptions subscriptions)
    {
        if (TryAgree(_dhKey, ids.RouterDhKey) is not { } secret)
        {
            return;
        }

        var queue = new RecipientQueue(ids.RecipientId, ids.SenderId, _key, secret, ids.Mode, ids.LinkId);
        if (ids.Notifier is not null && _wanted.NotifierKey is not null)
        {
            queue.Notifications = TryAgree(_wanted.NotifierKey, _notifierDhKey!, ids.Notifier);
        }

        if (_wanted.Subscribe)
        {
            subscriptions.Add(queue.RecipientId, queue);
        }

        _notifierDhKey?.Dispose();
        if (_wanted.DhKey is null)
        {
            _dhKey.Dispose();
        }

        Outcome = queue;
    }

    /// <summary>Makes the owner's side of notifications; null when the router's key is not usable.</summary>
    public static QueueNotifications? TryAgree(PrivateKey notifierKey, PrivateKey dhKey, NotifierIds ids) =>
        TryAgree(dhKey, ids.RouterDhKey) is { } secret
            ? new QueueNotifications(new NotifierQueue(ids.NotifierId, notifierKey), secret)
            : null;

    private static byte[]? TryAgree(PrivateKey mine, PublicKey theirs)
    {
        byte[] secret = GC.AllocateUninitializedArray<byte>(BoxKey.Length, pinned: true);
        return theirs.Algorithm is KeyAlgorithm.X25519 && mine.TryAgree(theirs, secret) ? secret : null;
    }
}
