<?php
// SPDX-License-Identifier: Apache-2.0
// real_work.php URI DATABASE: work of a PHP program on DATABASE, from scratch each time: inserts, updates and removals
// in bulks, a cursor of several batches, commands, a duplicate key, and two clients. Prints what a user would see of
// it, the same at each run. Exit status: 0, 255 when an exception came that was not expected.
use MongoDB\BSON;
use MongoDB\Driver\BulkWrite;
use MongoDB\Driver\Command;
use MongoDB\Driver\Exception\BulkWriteException;
use MongoDB\Driver\Exception\ServerException;
use MongoDB\Driver\Manager;
use MongoDB\Driver\Query;

const PATIENTS = 250;

function patient(int $i): array
{
    return [
        '_id' => $i,
        'name' => "Zoë $i",
        'born' => new BSON\UTCDateTime(1000 * 86400 * $i),
        'photo' => new BSON\Binary(hash('sha256', "$i", true), BSON\Binary::TYPE_GENERIC),
        'visits' => [['ward' => $i % 7, 'cost' => $i / 8], ['ward' => null, 'open' => $i % 2 == 0]],
    ];
}

function show(string $what, ...$values): void
{
    echo $what, ': ', json_encode($values), "\n";
}

function insert(Manager $manager, string $namespace): void
{
    $bulk = new BulkWrite(['ordered' => false]);
    for ($i = 0; $i < PATIENTS; $i++) {
        $bulk->insert(patient($i));
    }
    show('inserted', $manager->executeBulkWrite($namespace, $bulk)->getInsertedCount());
}

function read(Manager $manager, string $namespace): void
{
    $count = $sum = 0;
    $query = new Query(['visits.0.ward' => ['$gte' => 1]], ['batchSize' => 50, 'sort' => ['_id' => 1]]);
    foreach ($manager->executeQuery($namespace, $query) as $document) {
        $count++;
        $sum += $document->_id;
    }
    show('read', $count, $sum);
}

function change(Manager $manager, string $namespace): void
{
    $bulk = new BulkWrite();
    for ($i = 0; $i < 20; $i++) {
        $bulk->update(['_id' => $i], ['$set' => ['name' => "masked $i"]]);
    }
    $bulk->update(['_id' => ['$gte' => 200]], ['$set' => ['name' => 'nobody']], ['multi' => true]);
    $bulk->update(['_id' => 1000], patient(1000), ['upsert' => true]);
    $bulk->delete(['_id' => ['$gte' => 240, '$lt' => 250]]);
    $bulk->delete(['_id' => 30], ['limit' => 1]);
    $bulk->insert(patient(2000));
    $done = $manager->executeBulkWrite($namespace, $bulk);
    $counts = ['getModifiedCount', 'getUpsertedCount', 'getDeletedCount', 'getInsertedCount'];
    show('changed', ...array_map(fn($count) => $done->$count(), $counts));
}

function fail(Manager $manager, string $database): void
{
    try {
        $bulk = new BulkWrite();
        $bulk->insert(patient(3000));
        $bulk->insert(patient(7));
        $bulk->insert(patient(3001));
        $manager->executeBulkWrite("$database.patients", $bulk);
    } catch (BulkWriteException $error) {
        $result = $error->getWriteResult();
        show('duplicate', $result->getInsertedCount(), $result->getWriteErrors()[0]->getCode());
    }
    try {
        $manager->executeCommand($database, new Command(['noSuchCommand' => 1]));
    } catch (ServerException $error) {
        show('refused', $error->getCode(), $error->getMessage());
    }
}

function work(string $uri, string $database): void
{
    $manager = new Manager($uri);
    $manager->executeCommand($database, new Command(['dropDatabase' => 1]));
    insert($manager, "$database.patients");
    $index = ['createIndexes' => 'patients', 'indexes' => [['key' => ['name' => 1], 'name' => 'name_1']]];
    show('index', $manager->executeWriteCommand($database, new Command($index))->toArray()[0]->ok);
    change($manager, "$database.patients");
    fail($manager, $database);
    // Another client: other options than the first one's, else the extension shares one among managers.
    $second = new Manager($uri, ['appname' => 'second']);
    read($second, "$database.patients");
    $count = new Command(['count' => 'patients', 'query' => ['name' => 'nobody']]);
    show('counted', $second->executeReadCommand($database, $count)->toArray()[0]->n);
}

work($argv[1], $argv[2]);
