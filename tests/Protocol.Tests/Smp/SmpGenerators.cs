using FsCheck;
using FsCheck.Fluent;
using SimplexActors.Protocol.Addresses;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Protocol.Tests.Smp;

/// <summary>Random commands, responses and errors of every kind.</summary>
public static class SmpGenerators
{
    private static Gen<byte[]> Bytes(int min, int max) =>
        Gen.Choose(min, max).SelectMany(n => Gen.Choose(0, 255).Select(b => (byte)b).ArrayOf(n));

    private static Gen<ReadOnlyMemory<byte>> Blob { get; } = Bytes(0, 300).Select(b => new ReadOnlyMemory<byte>(b));

    private static Gen<EntityId> Id { get; } =
        Gen.OneOf(Gen.Constant(EntityId.Empty), Bytes(24, 24).Select(b => new EntityId(b)), Bytes(0, 255).Select(b => new EntityId(b)));

    private static Gen<PublicKey> KeyOf(KeyAlgorithm algorithm) =>
        Bytes(PublicKey.RawLength(algorithm), PublicKey.RawLength(algorithm)).Select(raw => PublicKey.FromRaw(algorithm, raw));

    private static Gen<PublicKey> DhKey { get; } = KeyOf(KeyAlgorithm.X25519);

    private static Gen<PublicKey> AuthKey { get; } = Gen.OneOf(DhKey, KeyOf(KeyAlgorithm.Ed25519), KeyOf(KeyAlgorithm.Ed448));

    private static Gen<bool> Bool { get; } = Gen.Elements(true, false);

    private static Gen<ushort> Word16 { get; } = Gen.Choose(0, ushort.MaxValue).Select(v => (ushort)v);

    private static Gen<string> Password { get; } =
        Gen.Choose(0, 255).Select(c => ((char)c).ToString()).Where(c => BasicAuth.IsValid(c)).ListOf().Select(string.Concat);

    private static Gen<LinkData> Link { get; } = Blob.Zip(Blob, (f, u) => new LinkData(f, u));

    private static Gen<ServiceQueues> Service { get; } =
        Gen.Choose(-1, int.MaxValue).Zip(Bytes(16, 16), (n, hash) => new ServiceQueues(n, new EntityId(hash)));

    private static Gen<NotifierIds> Notifier { get; } = Id.Zip(DhKey, (id, key) => new NotifierIds(id, key));

    private static Gen<RouterHost> Host { get; } =
        Gen.Elements("example.com", "a_b", "z\u00fcrich.ch", "10.1.2.3", "::1", "2001:db8::1", "abc2.onion").Select(ParseHost);

    /// <summary>Any version.</summary>
    public static Gen<ushort> Version { get; } = Gen.Choose(SmpVersion.Lowest, SmpVersion.Current).Select(v => (ushort)v);

    /// <summary>Any command.</summary>
    public static Gen<SmpCommand> Command { get; } = Gen.OneOf(
        New(),
        Gen.Elements<SmpCommand>(
            SubCommand.Instance, LdelCommand.Instance, NdelCommand.Instance, GetCommand.Instance, OffCommand.Instance, DelCommand.Instance,
            QueCommand.Instance, PingCommand.Instance, LgetCommand.Instance, NsubCommand.Instance),
        AuthKey.Select(k => (SmpCommand)new KeyCommand(k)),
        AuthKey.Select(k => (SmpCommand)new SkeyCommand(k)),
        AuthKey.Select(k => (SmpCommand)new LkeyCommand(k)),
        AuthKey.NonEmptyListOf().Select(k => (SmpCommand)new RkeyCommand([.. k])),
        AuthKey.Zip(DhKey, (k, d) => (SmpCommand)new NkeyCommand(k, d)),
        Id.Zip(Link, (id, link) => (SmpCommand)new LsetCommand(id, link)),
        Id.Select(id => (SmpCommand)new AckCommand(id)),
        Bool.Zip(Blob, (notify, body) => (SmpCommand)new SendCommand(notify, body)),
        Service.Select(s => (SmpCommand)new SubsCommand(s)),
        Service.Select(s => (SmpCommand)new NsubsCommand(s)),
        Prxy(),
        Word16.Zip(DhKey).Zip(Blob, (p, b) => (SmpCommand)new PfwdCommand(p.Item1, p.Item2, b)),
        Blob.Select(b => (SmpCommand)new RfwdCommand(b)),
        Gen.Elements("alice.simplex", "a.b.bob.testing", "www.example.com").Select(n => (SmpCommand)new RslvCommand(n)));

    /// <summary>Any error that travels.</summary>
    public static Gen<SmpError> Error { get; } = Gen.Sized(size => ErrorOf(Math.Min(size, 3)));

    /// <summary>Any response.</summary>
    public static Gen<SmpResponse> Response { get; } = Gen.OneOf(
        Ids(),
        Gen.Elements<SmpResponse>(OkResponse.Instance, PongResponse.Instance, EndResponse.Instance, DeldResponse.Instance, AllsResponse.Instance),
        Id.Zip(Link, (id, link) => (SmpResponse)new LnkResponse(id, link)),
        Maybe(Id).Select(id => (SmpResponse)new SokResponse(id)),
        Service.Select(s => (SmpResponse)new SoksResponse(s)),
        Service.Select(s => (SmpResponse)new EndsResponse(s)),
        Id.Zip(Blob, (id, body) => (SmpResponse)new MsgResponse(id, body)),
        Notifier.Select(n => (SmpResponse)new NidResponse(n)),
        Bytes(24, 24).Zip(Bytes(0, 255), (nonce, meta) => (SmpResponse)new NmsgResponse(nonce, meta)),
        Pkey(),
        Blob.Select(b => (SmpResponse)new PresResponse(b)),
        Blob.Select(b => (SmpResponse)new RresResponse(b)),
        Blob.Select(b => (SmpResponse)new RnameResponse(b)),
        Blob.Select(b => (SmpResponse)new InfoResponse(b)),
        Error.Select(e => (SmpResponse)new ErrResponse(e)));

    private static Gen<EntityId?> Maybe(Gen<EntityId> gen) => Gen.OneOf(Gen.Constant((EntityId?)null), gen.Select(v => (EntityId?)v));

    private static Gen<T?> MaybeClass<T>(Gen<T> gen)
        where T : class => Gen.OneOf(Gen.Constant((T?)null), gen.Select(v => (T?)v));

    private static Gen<SmpCommand> New() =>
        from keys in AuthKey.Zip(DhKey)
        from password in MaybeClass(Password)
        from subscribe in Bool
        from mode in Gen.Elements<QueueMode?>(null, QueueMode.Messaging, QueueMode.Contact)
        from linkId in Id
        from senderId in Id
        from data in MaybeClass(Link)
        from notifier in MaybeClass(AuthKey.Zip(DhKey, (k, d) => new NewNotifier(k, d)))
        let link = data is null || mode is null ? null : new NewQueueLink(mode is QueueMode.Contact ? linkId : null, senderId, data)
        select (SmpCommand)new NewCommand(keys.Item1, keys.Item2, password, subscribe, mode, link, notifier);

    private static Gen<SmpCommand> Prxy() =>
        from hosts in Host.NonEmptyListOf()
        from port in Gen.OneOf(Gen.Constant((ushort?)null), Gen.Choose(1, ushort.MaxValue).Select(p => (ushort?)p))
        from keyHash in Id
        from password in MaybeClass(Password)
        select (SmpCommand)new PrxyCommand([.. hosts], port, keyHash, password);

    private static Gen<SmpResponse> Ids() =>
        from ids in Id.Zip(Id)
        from key in DhKey
        from mode in Gen.Elements<QueueMode?>(null, QueueMode.Messaging, QueueMode.Contact)
        from linkId in Maybe(Id)
        from serviceId in Maybe(Id)
        from notifier in MaybeClass(Notifier)
        select (SmpResponse)new IdsResponse(ids.Item1, ids.Item2, key, mode, linkId, serviceId, notifier);

    private static Gen<SmpResponse> Pkey() =>
        from id in Id
        from versions in Word16.Zip(Word16)
        from chain in Blob.NonEmptyListOf()
        from key in Blob
        select (SmpResponse)new PkeyResponse(
            id, Math.Min(versions.Item1, versions.Item2), Math.Max(versions.Item1, versions.Item2), [.. chain], key);

    private static Gen<SmpError> ErrorOf(int depth)
    {
        Gen<string> text = ArbMap.Default.GeneratorFor<NonNull<string>>().Select(t => string.Concat(t.Get.Where(c => !char.IsSurrogate(c))));
        Gen<SmpError> plain = Gen.OneOf(
            Gen.Elements(
                SmpError.Block, SmpError.Session, SmpError.Auth, SmpError.Service, SmpError.Crypto, SmpError.Quota, SmpError.NoMsg, SmpError.LargeMsg,
                SmpError.Expired, SmpError.Internal, SmpError.ProxyBasicAuth, SmpError.ProxyNoSession, SmpError.NameNoResolver, SmpError.NameNotFound),
            Gen.Elements(Enum.GetValues<CmdErrorKind>()).Select(k => (SmpError)new CmdError(k)),
            text.Select(t => (SmpError)new StoreError(t)),
            text.Select(t => (SmpError)new NameResolverError(t)),
            Gen.Elements(BlockingReason.Spam, BlockingReason.Content).Zip(
                Gen.Elements<ClientNotice?>(null, new ClientNotice((long?)null), new ClientNotice(0), new ClientNotice(86400), new ClientNotice(long.MinValue)),
                (r, n) => (SmpError)new BlockedError(new BlockingInfo(r, n))),
            Broker().Select(b => (SmpError)new ProxyBrokerError(b)));
        return depth == 0 ? plain : Gen.OneOf(plain, ErrorOf(depth - 1).Select(e => (SmpError)new ProxyProtocolError(e)));
    }

    private static Gen<BrokerError> Broker()
    {
        Gen<string> latin1 = Bytes(0, 255).Select(System.Text.Encoding.Latin1.GetString);
        return Gen.OneOf(
            Gen.Elements(BrokerError.Timeout, BrokerError.Host, BrokerError.NoService, new BrokerNetworkError(NetworkErrorKind.Failed)),
            latin1.Select(t => (BrokerError)new BrokerResponseError(t)),
            latin1.Select(t => (BrokerError)new BrokerUnexpectedError(t)),
            Gen.Elements(Enum.GetValues<TransportError>()).Select(e => (BrokerError)new BrokerTransportError(e)));
    }

    private static RouterHost ParseHost(string text) =>
        RouterHost.TryParse(text, out RouterHost? host) ? host : throw new ArgumentException(text, nameof(text));
}
